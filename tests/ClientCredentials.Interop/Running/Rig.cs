using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace ClientCredentials.Interop.Running;

/// <summary>The independent server, from before the first test until after the last, and what the tests know of it.</summary>
public sealed class Rig(IMessageSink output) : IAsyncLifetime, IDisposable
{
    private readonly HttpClient _control = new();
    private RigProcess? _process;
    private JsonElement _file;

    /// <summary>The https listener's issuer, which is also where its API is.</summary>
    public string Issuer => _file.GetProperty("issuers").GetProperty("https").GetString()!;

    /// <summary>The plain listener's issuer.</summary>
    public string PlainIssuer => _file.GetProperty("issuers").GetProperty("http").GetString()!;

    /// <summary>The listener that <c>mtls_endpoint_aliases</c> point to.</summary>
    public string MtlsUrl => _file.GetProperty("mtls").GetString()!;

    internal IEnumerable<RigClient> Clients => _file.GetProperty("clients").EnumerateArray().Select(client => new RigClient(client, Folder));

    private string Folder => _file.GetProperty("dir").GetString()!;

    public async Task InitializeAsync()
    {
        if (Tools.ReasonToSkip is { } reason)
        {
            output.OnMessage(new DiagnosticMessage($"{reason} They are skipped."));
            return;
        }

        if (Tools.Missing is { } missing)
        {
            throw new InvalidOperationException(missing);
        }

        _process = await RigProcess.StartAsync(await NodePackages.InstallAsync());
        _control.BaseAddress = new Uri($"{_process.Address}/_control/");
        _file = await _control.GetFromJsonAsync<JsonElement>("rig");
        Outcomes.Expected = [.. Clients.Select(client => client.Id)];
    }

    public async Task DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    public void Dispose() => _control.Dispose();

    internal RigClient Client(string id) => Clients.Single(client => client.Id == id);

    /// <summary>A path of the rig's data folder.</summary>
    internal string File(string name) => Path.Combine(Folder, name);

    /// <summary>A connection's trust in the rig's own authority, and in no other.</summary>
    internal X509ChainPolicy Trust()
    {
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(X509CertificateLoader.LoadCertificateFromFile(_file.GetProperty("ca").GetString()!));
        return policy;
    }

    /// <summary>Forgets counts, faults and delays.</summary>
    internal Task ResetAsync() => TellAsync("reset");

    /// <summary>Tells the rig what to do next: fail, delay, rotate, revoke.</summary>
    internal async Task TellAsync(string command, object? arguments = null)
    {
        using HttpResponseMessage response = await _control.PostAsJsonAsync(command, arguments ?? new { });
        response.EnsureSuccessStatusCode();
    }

    internal async Task<Counts> CountsAsync() =>
        new(await _control.GetFromJsonAsync<JsonElement>("counters"), await _control.GetFromJsonAsync<JsonElement>("log"));
}
