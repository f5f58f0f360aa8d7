using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace ClientCredentials.Tests.Conventions;

public partial class Floors
{
    // Bottom up. A room may use those before it; Telemetry is beside them, for all to use.
    private static readonly string[] BottomUp = ["Telemetry", "Clients", "Protocol", "Authentication", "Tokens", "Http", ""];

    private static readonly Assembly Package = typeof(IClientCredentials).Assembly;

    [Fact]
    public void Every_folder_is_a_room_of_the_house()
    {
        IEnumerable<string> rooms = Repository.Sources().Select(source => source.Room).Distinct();

        Assert.Equal(BottomUp.Order(StringComparer.Ordinal), rooms.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_room_uses_only_the_rooms_before_it()
    {
        IEnumerable<string> wrong =
            from source in Repository.Sources()
            from line in source.Lines
            where !line.StartsWith("namespace ", StringComparison.Ordinal)
            from Match match in RoomNamed().Matches(line)
            let used = match.Groups["room"].Value
            where used != source.Room && (source.Room == "Telemetry" || Array.IndexOf(BottomUp, used) > Array.IndexOf(BottomUp, source.Room))
            select $"{source.File} uses {used}: {line.Trim()}";

        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData(@"\bPolly\b", "Tokens/Patience.cs")]
    [InlineData(@"\bMemoryCache\b|\busing Microsoft\.Extensions\.Caching\b", "Tokens/BoundedStore.cs")]
    public void A_library_with_a_manner_of_its_own_is_used_in_one_file(string library, string file)
    {
        IEnumerable<string> files = Code().Where(line => Regex.IsMatch(line.Text, library)).Select(line => line.File).Distinct();

        Assert.Equal([file], files);
    }

    [Fact]
    public void Services_are_registered_at_the_front_door_alone()
    {
        IEnumerable<string> elsewhere = Code()
            .Where(line => line.Room.Length > 0 && Regex.IsMatch(line.Text, @"\bIServiceCollection\b|\.(Try)?Add(Singleton|Transient|Scoped|Enumerable)\b"))
            .Select(line => $"{line.File}: {line.Text.Trim()}");

        Assert.Empty(elsewhere);
    }

    [Fact]
    public void Internal_classes_are_sealed_abstract_or_static()
    {
        IEnumerable<string> open = Package.GetTypes()
            .Where(type => type is { IsClass: true, IsVisible: false, IsSealed: false, IsAbstract: false } && !IsGenerated(type))
            .Select(type => type.FullName!);

        Assert.Empty(open);
    }

    [Fact]
    public void Public_classes_are_sealed_or_static()
    {
        IEnumerable<string> open = Package.GetExportedTypes()
            .Where(type => type is { IsClass: true, IsSealed: false })
            .Select(type => type.FullName!);

        Assert.Empty(open);
    }

    [Fact]
    public void Public_types_are_in_the_package_s_namespace_or_among_the_extensions()
    {
        IEnumerable<string> elsewhere = Package.GetExportedTypes()
            .Where(type => type.Namespace != "ClientCredentials"
                && !(type.Namespace == "Microsoft.Extensions.DependencyInjection" && type.Name.EndsWith("Extensions", StringComparison.Ordinal)))
            .Select(type => type.FullName!);

        Assert.Empty(elsewhere);
    }

    [Fact]
    public void There_is_one_public_interface()
    {
        Assert.Equal([typeof(IClientCredentials)], Package.GetExportedTypes().Where(type => type.IsInterface));
    }

    [Fact]
    public void Nothing_in_the_sources_silences_the_compiler()
    {
        Assert.DoesNotContain(Repository.Sources(), source => source.Lines.Any(line => line.TrimStart().StartsWith("#pragma", StringComparison.Ordinal) || line.Contains("[SuppressMessage", StringComparison.Ordinal)));
    }

    private static IEnumerable<(string Room, string File, string Text)> Code() =>
        from source in Repository.Sources()
        from line in source.Lines
        where !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
        select (source.Room, source.File, line);

    private static bool IsGenerated(Type type) =>
        type.Name.Contains('<', StringComparison.Ordinal)
        || type.IsDefined(typeof(CompilerGeneratedAttribute))
        || type.IsDefined(typeof(System.CodeDom.Compiler.GeneratedCodeAttribute))
        || (type.DeclaringType is { } outer && IsGenerated(outer));

    [GeneratedRegex(@"\bClientCredentials\.(?<room>Telemetry|Clients|Protocol|Authentication|Tokens|Http)\b")]
    private static partial Regex RoomNamed();
}
