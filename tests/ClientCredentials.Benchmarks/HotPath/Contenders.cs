using ClientCredentials.Benchmarks.Scene;

namespace ClientCredentials.Benchmarks.HotPath;

/// <summary>One way to put a token on a request, and what it is compared with.</summary>
/// <param name="Name">What it is.</param>
/// <param name="SendAsync">Sends one request.</param>
/// <param name="Floor">The contender whose cost is not its own; null where it is one itself.</param>
internal sealed record Contender(string Name, Func<HttpRequestMessage, Task> SendAsync, Contender? Floor)
{
    /// <summary>Whether it is what others use instead of us.</summary>
    public bool IsPeer { get; init; }
}

/// <summary>All of them over the same wire, each with its token in memory.</summary>
internal sealed class Contenders : IDisposable
{
    public const string Ours = "ClientCredentials";
    public const string Cache = "cache look-up by hand";
    public const string Msal = "MSAL 4.92";
    public const string Shared = "shared AuthenticationHeaderValue, by hand";

    private readonly List<IDisposable> _owned = [];
    private readonly Wire _wire = new();

    public Contenders(int tokenLength = 1024)
    {
        string token = new('t', tokenLength);
        Own(_wire);
        Bare = Chain("bare chain", _wire, floor: null);
        App app = Own(new App(new TokenStub(tokenLength)));
        Wire azureWire = Own(new Wire { MakesAnswers = true });
        AzureCore azure = Own(new AzureCore(azureWire));
        AzureCore azureWithToken = Own(new AzureCore(azureWire, token));
        HttpMessageInvoker ours = Own(app.Over(_wire));
        Contender pipeline = new("Azure.Core pipeline alone", request => azure.SendAsync(request.RequestUri!), Floor: null);
        All =
        [
            Bare,
            Chain("pass-through handler", new PassThrough(_wire), Bare),
            Chain("text made once, unparsed, nothing else", new PreparedText(token, _wire), Bare),
            new Contender(Ours, request => ours.SendAsync(request, CancellationToken.None), Bare),
            Chain(Shared, new SharedHeader(token, _wire), Bare) with { IsPeer = true },
            Chain(Cache, new NaiveCache("billing", token, _wire), Bare) with { IsPeer = true },
            pipeline,
            new Contender("Azure.Core 1.64 bearer policy", request => azureWithToken.SendAsync(request.RequestUri!), pipeline) { IsPeer = true },
            Chain(Msal, new Msal(token, _wire), Bare) with { IsPeer = true },
        ];
    }

    public Contender Bare { get; }

    public IReadOnlyList<Contender> All { get; }

    public Contender this[string name] => All.Single(contender => contender.Name == name);

    public void Dispose() => _owned.ForEach(owned => owned.Dispose());

    private Contender Chain(string name, HttpMessageHandler handler, Contender? floor)
    {
        HttpMessageInvoker chain = Own(new HttpMessageInvoker(handler));
        return new(name, request => chain.SendAsync(request, CancellationToken.None), floor);
    }

    private T Own<T>(T owned)
        where T : IDisposable
    {
        _owned.Add(owned);
        return owned;
    }
}
