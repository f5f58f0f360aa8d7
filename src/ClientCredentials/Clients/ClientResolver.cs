namespace ClientCredentials.Clients;

/// <summary>Finds clients that are not configured, and makes settings of them, under the rules for all settings and a few more.</summary>
internal sealed class ClientResolver
{
    private readonly Func<string, CancellationToken, ValueTask<ClientCredentialsOptions?>> _resolve;
    private readonly SettingsRules _rules;
    private readonly TimeProvider _time;
    private readonly Origin[] _hosts;

    public ClientResolver(Func<string, CancellationToken, ValueTask<ClientCredentialsOptions?>> resolve, ClientResolverOptions options, ClientLayers layers, SettingsRules rules, TimeProvider time)
    {
        (_resolve, _rules, _time, Options) = (resolve, rules, time, options);
        _hosts = [.. layers.Sections.SelectMany(section => section.TokenHosts).Concat(options.AllowedTokenHosts).Select(Read).OfType<Origin>()];
    }

    public ClientResolverOptions Options { get; }

    /// <summary>Looks a client up; where the app's code hangs, or blocks, it is left behind.</summary>
    public Task<ClientCredentialsOptions?> FindAsync(string client, CancellationToken cancellationToken) =>
        Task.Run(() => FindOnceAsync(client, cancellationToken), CancellationToken.None).WaitAsync(cancellationToken);

    /// <summary>Makes settings of what was found, for <paramref name="live"/> to take.</summary>
    /// <returns>What is wrong with it; then the last valid version stays.</returns>
    public IReadOnlyList<string> Take(ClientCredentialsOptions options, LiveSettings live)
    {
        List<string> problems = options.Enabled ? [.. _rules.Problems(live.Client, profile: null, isActive: true, options), .. Hosts(options), .. OfTheHost(options)] : [];
        live.Take(problems.Count == 0 ? new Settings(live.Client, profile: null, isActive: true, options, live.Current) { IsResolved = true } : null, problems, _time.GetUtcNow());
        return problems;
    }

    /// <summary>What is wrong with the options themselves.</summary>
    public IEnumerable<string> Problems()
    {
        if (Options.KeepFor < TimeSpan.FromSeconds(1) || Options.KeepFor > TimeSpan.FromDays(1))
        {
            yield return $"AddClientResolver: KeepFor is {Options.KeepFor}; it must be 00:00:01 to 1.00:00:00.";
        }

        if (Options.KeepMissingFor < TimeSpan.Zero || Options.KeepMissingFor > TimeSpan.FromHours(1))
        {
            yield return $"AddClientResolver: KeepMissingFor is {Options.KeepMissingFor}; it must be 00:00:00 to 01:00:00.";
        }

        if (Options.MaxWait < TimeSpan.FromSeconds(0.1) || Options.MaxWait > TimeSpan.FromMinutes(10))
        {
            yield return $"AddClientResolver: MaxWait is {Options.MaxWait}; it must be 00:00:00.1 to 00:10:00.";
        }

        if (Options.Limit is < 1 or > 1_000_000)
        {
            yield return $"AddClientResolver: Limit is {Options.Limit}; it must be 1 to 1000000.";
        }

        foreach (string host in Options.AllowedTokenHosts)
        {
            if (Origin.Parse(host, out _) is { } problem)
            {
                yield return $"AddClientResolver: AllowedTokenHosts has a value that {problem}.";
            }
        }

        if (_hosts.Length == 0)
        {
            yield return $"AddClientResolver: no token endpoint is allowed; name the origins in AllowedTokenHosts ('*' stands for every https origin).";
        }
    }

    private async Task<ClientCredentialsOptions?> FindOnceAsync(string client, CancellationToken cancellationToken)
    {
        try
        {
            return await _resolve(client, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            // What was left behind must not end as an exception that nobody observes.
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
    }

    private IEnumerable<string> Hosts(ClientCredentialsOptions options)
    {
        // An empty one is as good as none: the issuer would be asked, wherever that is.
        if (options.TokenUrl is null or { OriginalString.Length: 0 } && !string.IsNullOrEmpty(options.Issuer))
        {
            yield return "TokenUrl is missing; that of a client found by AddClientResolver is not looked up by its Issuer.";
        }

        (string Setting, Uri? Url)[] all = [(nameof(options.TokenUrl), options.TokenUrl), (nameof(options.MutualTlsTokenUrl), options.MutualTlsTokenUrl)];
        foreach ((string setting, Uri? url) in all)
        {
            if (Origin.IsHttp(url) && !_hosts.Any(host => host.Matches(url)))
            {
                yield return $"{setting} is at {Origin.Of(url)}, which is not among AllowedTokenHosts.";
            }
        }
    }

    // A row of a database must not reach the files and keys of the host, nor the secrets of others.
    private IEnumerable<string> OfTheHost(ClientCredentialsOptions options)
    {
        string[] named = Options.AllowHostCredentials
            ? []
            : [.. ClientSchema.Rows.Where(row => row.IsOfHost && !string.IsNullOrEmpty(row.Text(options))).Select(row => row.Key)];
        if (named.Length > 0)
        {
            yield return $"{string.Join(" and ", named)} {(named.Length == 1 ? "names" : "name")} something of this host or app, which a client found by AddClientResolver may not; set AllowHostCredentials where its settings are as trusted as configuration.";
        }
    }

    private static Origin? Read(string text)
    {
        Origin.Parse(text, out Origin? origin);
        return origin;
    }
}
