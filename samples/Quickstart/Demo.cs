namespace Quickstart;

/// <summary>Plays all scenes, and says whether everything was as it should be.</summary>
internal static class Demo
{
    private const int FewestCalls = 2_000;

    public static async Task<int> RunAsync()
    {
        Console.WriteLine("Two authorization servers with an API each, on loopback; an app that calls them by real HTTP. This takes about 20 seconds.");
        await using Servers servers = await Servers.StartAsync();
        List<Scene> scenes = [];

        Table.Begin();
        await foreach (Scene scene in new Scenes(servers, new Watch()).PlayAsync())
        {
            scenes.Add(scene);
            Table.Add(scene);
        }

        Table.End();
        return Judge(scenes, servers.Tally);
    }

    private static int Judge(List<Scene> scenes, Tally counted)
    {
        int calls = scenes.Sum(scene => scene.Answered);
        int tokenRequests = scenes.Sum(scene => scene.Counted.TokenRequests);
        int waits = scenes.Sum(scene => scene.WaitsForRefresh);
        List<string> deviations = [.. scenes.SelectMany(scene => scene.Deviations.Select(deviation => $"{scene.Name}: {deviation}"))];
        if (calls < FewestCalls)
        {
            deviations.Add($"only {calls:N0} calls were made, and {FewestCalls:N0} are promised");
        }

        // The servers counted from start to end: nothing may have happened between the scenes.
        if ((calls, tokenRequests) != (counted.Answered, counted.TokenRequests))
        {
            deviations.Add($"the servers count {counted.Answered:N0} calls and {counted.TokenRequests:N0} token requests, the table {calls:N0} and {tokenRequests:N0}");
        }

        deviations.ForEach(deviation => Console.WriteLine($"NOT OK: {deviation}."));
        if (deviations.Count > 0)
        {
            return 1;
        }

        Console.WriteLine($"OK: {calls} API calls answered 200, {tokenRequests} token requests, {waits} calls waited for a refresh");
        return 0;
    }
}
