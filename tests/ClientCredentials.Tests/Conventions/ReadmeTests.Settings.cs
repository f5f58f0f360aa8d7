using System.Globalization;
using System.Net;
using System.Reflection;
using ClientCredentials.Clients;

namespace ClientCredentials.Tests.Conventions;

public class ReadmeTestsSettings
{
    private static readonly IReadOnlyList<string[]> Rows = Readme.Table("Setting");

    [Fact]
    public void The_table_of_settings_has_a_row_for_each_in_the_order_of_the_code()
    {
        string[] named = [.. Rows.Select(row => Readme.Code(row[0]).Single())];

        Assert.Equal(ClientSchema.Rows.Select(row => row.Key), named);
    }

    [Fact]
    public void The_table_of_the_section_has_all_its_keys()
    {
        string[] named = [.. Readme.Table("Key").Select(row => Readme.Code(row[0]).Single())];

        Assert.Equal([ClientSection.Clients, ClientSection.Profile, ClientSection.ValidateOnStart, ClientSection.ConnectOnStart, ClientSection.AllowedTokenHosts], named);
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Each_setting_has_the_default_of_the_code(string key)
    {
        string written = RowOf(key)[3];

        Assert.Equal(DefaultOf(key), written == "none" ? written : Readme.Code(written).Single());
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void Each_setting_has_the_form_of_its_type(string key)
    {
        string form = RowOf(key)[2];

        Assert.StartsWith(FormOf(TypeOf(key)), form);
    }

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Each_range_is_the_one_that_is_validated(string key, string least, string most)
    {
        Assert.Empty(ProblemsWith(key, least));
        Assert.Empty(ProblemsWith(key, most));
        Assert.NotEmpty(ProblemsWith(key, Beyond(least, -1)));
        Assert.NotEmpty(ProblemsWith(key, Beyond(most, +1)));
    }

    [Fact]
    public void Every_number_and_every_duration_has_a_range()
    {
        IEnumerable<string> measured = ClientSchema.Rows.Select(row => row.Key).Where(key => TypeOf(key) == typeof(int) || TypeOf(key) == typeof(TimeSpan));

        Assert.Equal(measured, Ranges.Select(range => (string)range[0]));
    }

    public static TheoryData<string> Keys => [.. ClientSchema.Rows.Select(row => row.Key)];

    public static IEnumerable<object[]> Ranges =>
        from row in Rows
        let bounds = Readme.Code(row[2])
        where row[2].Contains("` to `", StringComparison.Ordinal)
        select new object[] { Readme.Code(row[0]).Single(), bounds[^2], bounds[^1] };

    private static string[] RowOf(string key) => Rows.Single(row => row[0] == $"`{key}`");

    private static string DefaultOf(string key)
    {
        object? value = ValueOf(key);
        return value switch
        {
            null or "" => "none",
            TimeSpan time => Written(time),
            bool flag => flag ? "true" : "false",
            AuthenticationMethod method => method == AuthenticationMethod.ClientSecretBasic ? "client_secret_basic" : "?",
            IEnumerable<HttpStatusCode> statuses => string.Join(", ", statuses.Select(status => (int)status)),
            System.Collections.ICollection { Count: 0 } => "none",
            _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
        };
    }

    // .NET writes seven digits after the point; nobody else does.
    private static string Written(TimeSpan time)
    {
        string text = time.ToString("c", CultureInfo.InvariantCulture);
        return time.Ticks % TimeSpan.TicksPerSecond == 0 ? text : text.TrimEnd('0');
    }

    private static string FormOf(Type type) => type switch
    {
        _ when type == typeof(bool) => "`true` or `false`",
        _ when type == typeof(int) => "number, ",
        _ when type == typeof(TimeSpan) => "`hh:mm:ss`, ",
        _ when type == typeof(Uri) => "https URL",
        _ when type == typeof(IList<string>) => "list",
        _ when type == typeof(IList<HttpStatusCode>) => "list of statuses",
        _ when type == typeof(IDictionary<string, string>) => "names with values",
        { IsEnum: true } => "`",
        _ => "text",
    };

    private static IEnumerable<string> ProblemsWith(string key, string value)
    {
        ClientCredentialsOptions options = new();
        TimeSpan time = TimeSpan.TryParse(value, CultureInfo.InvariantCulture, out TimeSpan parsed) ? parsed : default;
        string[] path = key.Split(':');
        object owner = path[..^1].Aggregate((object)options, (part, name) => part.GetType().GetProperty(name)!.GetValue(part)!);
        PropertyInfo property = owner.GetType().GetProperty(path[^1])!;
        options.AuthenticationMethod = key.StartsWith("Assertion:", StringComparison.Ordinal) ? AuthenticationMethod.PrivateKeyJwt : options.AuthenticationMethod;
        property.SetValue(owner, property.PropertyType == typeof(int) ? int.Parse(value, CultureInfo.InvariantCulture) : time);
        return new SettingsRules([], [], new KeyRules([], (_, _, _, _) => [])).Problems("billing", null, isActive: true, options).Where(problem => problem.StartsWith($"{key} is ", StringComparison.Ordinal));
    }

    private static string Beyond(string bound, int direction) =>
        int.TryParse(bound, NumberStyles.Integer, CultureInfo.InvariantCulture, out int number)
            ? (number + direction).ToString(CultureInfo.InvariantCulture)
            : (TimeSpan.Parse(bound, CultureInfo.InvariantCulture) + TimeSpan.FromMilliseconds(direction)).ToString("c", CultureInfo.InvariantCulture);

    private static Type TypeOf(string key) => key.Split(':').Aggregate(typeof(ClientCredentialsOptions), (type, part) => type.GetProperty(part)!.PropertyType);

    private static object? ValueOf(string key) =>
        key.Split(':').Aggregate((object?)new ClientCredentialsOptions(), (value, part) => value!.GetType().GetProperty(part)!.GetValue(value));
}
