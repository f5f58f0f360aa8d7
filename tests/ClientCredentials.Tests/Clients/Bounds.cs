namespace ClientCredentials.Tests.Clients;

public class Bounds
{
    [Theory]
    [InlineData("RetryDelay", "-00:00:00.0000001", "00:00:00 to 00:01:00")]
    [InlineData("RetryDelay", "00:01:00.0000001", "00:00:00 to 00:01:00")]
    [InlineData("AttemptTimeout", "00:00:00.0999999", "00:00:00.1000000 to 00:10:00")]
    [InlineData("RefreshBefore", "-00:00:01", "00:00:00 to 01:00:00")]
    [InlineData("RefreshBefore", "01:00:00.0000001", "00:00:00 to 01:00:00")]
    [InlineData("MaxTokenLifetime", "30.00:00:00.0000001", "00:00:01 to 30.00:00:00")]
    [InlineData("DefaultTokenLifetime", "00:00:00.9999999", "00:00:01 to 30.00:00:00")]
    public async Task A_duration_outside_its_bounds_stops_the_start(string setting, string value, string bounds)
    {
        string problem = await Startup.ProblemAsync($$"""{ "{{setting}}": "{{value}}" }""");

        Assert.Equal($"Client 'billing': {setting} is {value}; it must be {bounds}.", problem);
    }

    [Theory]
    [InlineData("""{ "MaxWait": "00:10:00.0000001", "AttemptTimeout": "00:10:00.0000001" }""", "AttemptTimeout is 00:10:00.0000001; it must be 00:00:00.1000000 to 00:10:00.", "MaxWait is 00:10:00.0000001; it must be 00:00:00.1000000 to 00:10:00.")]
    [InlineData("""{ "MaxWait": "00:00:00.0999999" }""", "MaxWait is 00:00:00.0999999; it must be 00:00:00.1000000 to 00:10:00.", "AttemptTimeout (00:00:10) must not be longer than MaxWait (00:00:00.0999999).")]
    [InlineData("""{ "MaxTokenLifetime": "00:00:00.9999999" }""", "MaxTokenLifetime is 00:00:00.9999999; it must be 00:00:01 to 30.00:00:00.", "DefaultTokenLifetime (00:05:00) must not be longer than MaxTokenLifetime (00:00:00.9999999).")]
    [InlineData("""{ "DefaultTokenLifetime": "30.00:00:00.0000001" }""", "DefaultTokenLifetime is 30.00:00:00.0000001; it must be 00:00:01 to 30.00:00:00.", "DefaultTokenLifetime (30.00:00:00.0000001) must not be longer than MaxTokenLifetime (1.00:00:00).")]
    public async Task Every_bound_that_is_broken_is_told(string settings, string first, string second)
    {
        IReadOnlyList<string> problems = await Startup.ProblemsAsync(LiveJson.Billing(settings));

        Assert.Equal([$"Client 'billing': {first}", $"Client 'billing': {second}"], problems);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(11)]
    public async Task A_number_of_retries_outside_its_bounds_stops_the_start(int retries)
    {
        string problem = await Startup.ProblemAsync($$"""{ "MaxRetries": {{retries}} }""");

        Assert.Equal($"Client 'billing': MaxRetries is {retries}; it must be 0 to 10.", problem);
    }

    [Theory]
    [InlineData("""{ "AttemptTimeout": "00:00:11", "MaxWait": "00:00:10" }""", "AttemptTimeout (00:00:11) must not be longer than MaxWait (00:00:10).")]
    [InlineData("""{ "DefaultTokenLifetime": "00:10:01", "MaxTokenLifetime": "00:10:00" }""", "DefaultTokenLifetime (00:10:01) must not be longer than MaxTokenLifetime (00:10:00).")]
    public async Task Two_durations_that_contradict_each_other_stop_the_start(string settings, string expected)
    {
        string problem = await Startup.ProblemAsync(settings);

        Assert.Equal($"Client 'billing': {expected}", problem);
    }

    [Theory]
    [InlineData("""{ "RetryDelay": "00:00:00", "AttemptTimeout": "00:00:00.1", "MaxWait": "00:00:00.1", "RefreshBefore": "00:00:00", "DefaultTokenLifetime": "00:00:01", "MaxTokenLifetime": "00:00:01", "MaxRetries": 0 }""")]
    [InlineData("""{ "RetryDelay": "00:01:00", "AttemptTimeout": "00:10:00", "MaxWait": "00:10:00", "RefreshBefore": "01:00:00", "DefaultTokenLifetime": "30.00:00:00", "MaxTokenLifetime": "30.00:00:00", "MaxRetries": 10 }""")]
    public async Task The_bounds_themselves_are_accepted(string settings)
    {
        Assert.Empty(await Startup.ProblemsAsync(LiveJson.Billing(settings)));
    }
}
