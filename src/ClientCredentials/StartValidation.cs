using ClientCredentials.Authentication;
using ClientCredentials.Clients;
using ClientCredentials.Http;
using ClientCredentials.Tokens;
using Microsoft.Extensions.Http;
using Microsoft.Extensions.Options;

namespace ClientCredentials;

/// <summary>What is validated when the host starts: all clients, all profiles, and every name that a handler was given.</summary>
internal sealed class StartValidation
{
    internal sealed class Validator(
        ClientLayers layers,
        ClientSettings settings,
        IEnumerable<IConfigureOptions<HttpClientFactoryOptions>> setups,
        Keys keys,
        DpopKeys dpopKeys,
        Certificates certificates,
        TimeProvider time,
        IClientCredentials credentials,
        IEnumerable<SecretRegistration> secrets,
        IEnumerable<CredentialRegistration> registrations,
        ClientResolver? resolver = null) : IValidateOptions<StartValidation>
    {
        public ValidateOptionsResult Validate(string? name, StartValidation options)
        {
            // With a fake, no setting is needed.
            if (credentials is not IOwnSources || !IsWanted())
            {
                return ValidateOptionsResult.Skip;
            }

            List<string> problems =
            [
                .. settings.Problems(),
                .. KeyProblems(),
                .. secrets.Concat(registrations).Select(ProblemOf).OfType<string>().Distinct(),
                .. resolver?.Problems() ?? [],
                .. setups.OfType<ApiClientSetup>().Select(ProblemOf).OfType<string>().Distinct(),
            ];
            return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }

        private bool IsWanted() =>
            layers.Sections.Select(section => bool.TryParse(section.Source[ClientSection.ValidateOnStart], out bool isWanted) ? isWanted : (bool?)null).LastOrDefault(isWanted => isWanted is not null) != false;

        // Files and stores of the active profile only: what another one needs may be on another machine.
        private IEnumerable<string> KeyProblems() =>
            settings.Clients
                .Where(client => Names.ProblemWith(client) is null)
                .Select(client => settings.Get(client, profile: null).Settings)
                .Where(live => live is { Problems.Count: 0, Current.Options.Enabled: true })
                .SelectMany(live => new[]
                    {
                        keys.ProblemAtStart(live!.Current!) ?? dpopKeys.ProblemAtStart(live.Current!),
                        certificates.ProblemAtStart(live.Current!, time.GetUtcNow()),
                    }
                    .OfType<string>()
                    .Select(problem => ClientSettings.Sentence(live!.Client, live.Profile, problem)));

        /// <summary>What is handed out to nobody was meant for somebody. A client that code finds is known only when it is asked for, and a profile may be configured on another machine only.</summary>
        private string? ProblemOf(CredentialRegistration registration) =>
            resolver is null && settings.Find(registration.Client) is { Client: null, Problem: var problem } ? $"{registration.Method}: {problem}" : null;

        private string? ProblemOf(ApiClientSetup setup)
        {
            if (setup.Client is null && resolver is not null)
            {
                // Each request names the client that it is sent as.
                return null;
            }

            (string? client, string problem) = settings.Find(setup.Client);
            if (client is null)
            {
                string advice = resolver is null ? "" : " A client that AddClientResolver finds is named by each request (UseClientCredentials), and not here.";
                return $"AddClientCredentialsHandler: {problem}{advice}";
            }

            (LiveSettings? live, string wrong) = settings.Get(client, setup.Parameters?.Profile);
            string? broken = setup.Parameters is { } parameters ? ParameterRules.Problems(parameters).FirstOrDefault() : null;
            return (live, broken) switch
            {
                (null, _) => $"AddClientCredentialsHandler: {wrong}",
                (_, not null) => $"AddClientCredentialsHandler: Client '{client}': {broken}",
                _ => null,
            };
        }
    }
}
