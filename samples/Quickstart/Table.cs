namespace Quickstart;

/// <summary>The table on the screen, a line as soon as its scene has ended.</summary>
internal static class Table
{
    private const string Line = "  {0,-44} {1,6} {2,9} {3,18} {4,9} {5,10}";

    public static void Begin()
    {
        Console.WriteLine();
        Console.WriteLine(Line, "", "", "token", "waited", "slowest", "recovered");
        Console.WriteLine(Line, "API calls", "200", "requests", "for a token", "call", "401s");
        Rule();
    }

    public static void Add(Scene scene) => Console.WriteLine(
        Line,
        scene.Name,
        scene.Answered.ToString("N0"),
        scene.Counted.TokenRequests.ToString("N0"),
        Waits(scene),
        $"{scene.Slowest.TotalMilliseconds:N0} ms",
        scene.Counted.Refused.ToString("N0"));

    public static void End()
    {
        Rule();
        Console.WriteLine();
    }

    private static string Waits(Scene scene) => (scene.Waits, scene.WaitsForRefresh, scene.Allowed) switch
    {
        (0, _, _) => "none",
        (_, > 0, Waiting.ForNothing) => $"{scene.Waits:N0} (a refresh!)",
        (_, > 0, _) => $"{scene.Waits:N0} (for what?)",
        (_, _, Waiting.ForTheFirstToken) => $"{scene.Waits:N0} (the first)",
        _ => $"{scene.Waits:N0} (after a 401)",
    };

    private static void Rule() => Console.WriteLine($"  {new string('-', 101)}");
}
