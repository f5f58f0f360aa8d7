using System.Diagnostics.Metrics;

namespace ClientCredentials.Telemetry;

/// <summary>Every instrument of the package.</summary>
internal sealed class ClientCredentialsMeter : IDisposable
{
    private readonly Meter _meter;
    private readonly UpDownCounter<int> _sources;
    private readonly Counter<long> _tokenRequests;

    public ClientCredentialsMeter(IMeterFactory meters)
    {
        _meter = meters.Create(ClientCredentialsTelemetry.MeterName);
        _sources = _meter.CreateUpDownCounter<int>("client_credentials.sources", "{source}", "Kinds of tokens held in memory.");
        _tokenRequests = _meter.CreateCounter<long>("client_credentials.token_requests", "{request}", "Requests made to token endpoints, by outcome.");
    }

    public void SourceAdded(string client) => _sources.Add(1, new KeyValuePair<string, object?>("client_credentials.client", client));

    public void SourceDropped(string client) => _sources.Add(-1, new KeyValuePair<string, object?>("client_credentials.client", client));

    public void TokenRequested(string client, string? profile, int requests, string outcome) =>
        _tokenRequests.Add(
            requests,
            new KeyValuePair<string, object?>("client_credentials.client", client),
            new KeyValuePair<string, object?>("client_credentials.profile", profile),
            new KeyValuePair<string, object?>("client_credentials.outcome", outcome));

    public void Dispose() => _meter.Dispose();
}
