using System.Collections;
using System.Reflection;
using ClientCredentials.Clients;
using Microsoft.Extensions.Configuration;

namespace ClientCredentials.Tests.Conventions;

public class OptionsReference
{
    public static TheoryData<string> Keys() => new(ClientSchema.Rows.Select(row => row.Key));

    [Fact]
    public void Every_property_is_a_row_of_the_schema_and_every_row_a_property()
    {
        IEnumerable<string> properties = Properties(typeof(ClientCredentialsOptions), "").Select(property => property.Key);

        Assert.Equal(properties.Order(StringComparer.Ordinal), ClientSchema.Rows.Select(row => row.Key).Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Keys))]
    public void A_row_sets_its_own_property_and_sees_it_change(string key)
    {
        PropertyInfo property = Properties(typeof(ClientCredentialsOptions), "").Single(property => property.Key == key).Property;
        ClientCredentialsOptions options = new();
        string?[] before = ClientSchema.Values(options);

        string? problem = ClientSchema.Rows.Single(row => row.Key == key).Bind(Sample(key, property.PropertyType), options);

        Assert.Null(problem);
        Assert.NotEqual(Shown(key, new()), Shown(key, options));
        Assert.Equal([key], ClientSchema.Rows.Zip(before, ClientSchema.Values(options)).Where(entry => entry.Second != entry.Third).Select(entry => entry.First.Key));
    }

    private static IEnumerable<(string Key, PropertyInfo Property)> Properties(Type type, string prefix) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).SelectMany(property =>
            property.PropertyType is { IsClass: true, Namespace: "ClientCredentials" }
                ? Properties(property.PropertyType, $"{prefix}{property.Name}:")
                : [($"{prefix}{property.Name}", property)]);

    /// <summary>A value that is no property's default.</summary>
    private static IConfigurationSection Sample(string key, Type type)
    {
        (string Below, string Value) sample = type switch
        {
            _ when type == typeof(bool) => ("", ClientSchema.Rows.Single(row => row.Key == key).Text(new()) == "true" ? "false" : "true"),
            _ when type == typeof(int) => ("", "7"),
            _ when type == typeof(TimeSpan) => ("", "00:00:07"),
            _ when type == typeof(Uri) => ("", "https://sample.example.com/"),
            { IsEnum: true } => ("", Enum.GetNames(type)[^1]),
            _ when type == typeof(string) => ("", "sample"),
            _ when type.Name.StartsWith("IDictionary", StringComparison.Ordinal) => (":sample", "sample"),
            _ => (":0", "403"),
        };
        return new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create($"{key}{sample.Below}", (string?)sample.Value)])
            .Build()
            .GetSection(key);
    }

    private static string? Shown(string key, ClientCredentialsOptions options)
    {
        object? value = key.Split(':').Aggregate((object)options, (owner, name) => owner.GetType().GetProperty(name)!.GetValue(owner)!);
        return value is IEnumerable items and not string ? string.Join(',', items.Cast<object>()) : value?.ToString();
    }
}
