using System.Globalization;
using ClientCredentials.Clients;
using ClientCredentials.Protocol;
using ClientCredentials.Telemetry;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;
using Polly.Timeout;

namespace ClientCredentials.Tokens;

/// <summary>How long and how often a token is asked for: max wait around retries around the timeout of an attempt.</summary>
/// <remarks>One pipeline serves all clients; the settings travel in the context, so that a changed setting needs no new one.</remarks>
internal sealed class Patience
{
    private static readonly ResiliencePropertyKey<Trip> TripKey = new(nameof(Trip));

    private readonly ResiliencePipeline<TokenReply> _pipeline;
    private readonly Clock _clock;
    private readonly Jitter _jitter;
    private readonly ILogger _log;

    public Patience(Clock clock, Jitter jitter, ILogger<Patience> log)
    {
        (_clock, _jitter, _log) = (clock, jitter, log);
        _pipeline = new ResiliencePipelineBuilder<TokenReply> { TimeProvider = clock.TimeProvider }
            .AddTimeout(new TimeoutStrategyOptions { TimeoutGenerator = args => new(TripOf(args.Context).Options.MaxWait) })
            .AddRetry(new RetryStrategyOptions<TokenReply>
            {
                MaxRetryAttempts = int.MaxValue, // each client has a number of its own: see IsWorthAnother
                ShouldHandle = args => new(IsWorthAnother(TripOf(args.Context), args.Outcome)),
                DelayGenerator = args => new(TripOf(args.Context).Delay),
            })
            .AddTimeout(new TimeoutStrategyOptions { TimeoutGenerator = args => new(TripOf(args.Context).Options.AttemptTimeout) })
            .Build();
    }

    /// <param name="settings">Whose patience it is.</param>
    /// <param name="maxRetries">How many retries there may be.</param>
    /// <param name="attempt">One token request. It fails by value; where it hangs it is left behind.</param>
    /// <param name="waitingFor">Who is asked at the moment: the server, or a vault before it.</param>
    /// <param name="cancellationToken">Ends it all.</param>
    public async Task<TokenReply> RunAsync(
        Settings settings,
        int maxRetries,
        Func<CancellationToken, Task<TokenReply>> attempt,
        Func<string> waitingFor,
        CancellationToken cancellationToken)
    {
        Trip trip = new(settings, maxRetries, _clock.Now, waitingFor);
        ResilienceContext context = ResilienceContextPool.Shared.Get(continueOnCapturedContext: false, cancellationToken);
        context.Properties.Set(TripKey, trip);
        try
        {
            TokenReply reply = await _pipeline.ExecuteAsync(
                static (context, attempt) =>
                {
                    TripOf(context).Attempts++;
                    CancellationToken stop = context.CancellationToken;
                    // On a thread of its own: a secret store that blocks instead of waiting must not outlast MaxWait.
                    return new ValueTask<TokenReply>(Task.Run(() => attempt(stop), stop).WaitAsync(stop));
                },
                context,
                attempt).ConfigureAwait(false);
            return reply.Failure is null ? reply : reply with { Failure = trip.Last ?? reply.Failure };
        }
        catch (TimeoutRejectedException)
        {
            return trip.HasGivenUp ? trip.Last! : OutOfTime(trip);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private bool IsWorthAnother(Trip trip, Outcome<TokenReply> outcome)
    {
        Failure? failure = outcome switch
        {
            { Exception: TimeoutRejectedException } => AttemptTimedOut(trip),
            { Result.Failure: { } failed } => failed,
            _ => null,
        };
        if (failure is null)
        {
            return false;
        }

        trip.Last = failure;
        trip.HasGivenUp = true;
        if (!failure.IsTransient || trip.Attempts > trip.MaxRetries)
        {
            return false;
        }

        TimeSpan delay = _jitter.Around(trip.Options.RetryDelay * Math.Pow(2, trip.Attempts - 1));
        // A server that says 'at once', or names a time gone by, would have all its clients come back together.
        if (failure.RetryAfter > delay)
        {
            delay = failure.RetryAfter.Value;
        }

        TimeSpan left = trip.Options.MaxWait - _clock.Between(trip.StartedAt, _clock.Now);
        if (delay >= left)
        {
            // To wait for something that comes too late would only keep the callers waiting.
            trip.Last = failure with { Hint = string.Create(CultureInfo.InvariantCulture, $"The next try is due in {delay.TotalSeconds:0.#} s, and only {left.TotalSeconds:0.#} s of MaxWait ({trip.Options.MaxWait}) are left.") };
            return false;
        }

        _log.AttemptFailed(trip.Settings.Client, trip.Settings.ProfileName, trip.Attempts, delay, failure.Problem);
        trip.Delay = delay;
        trip.HasGivenUp = false;
        return true;
    }

    private static Failure AttemptTimedOut(Trip trip)
    {
        string problem = $"{trip.WaitingFor} did not answer within AttemptTimeout ({trip.Options.AttemptTimeout}).";
        return new(FailureReason.TimedOut, problem) { IsTransient = true, Cause = new TimeoutException(problem) };
    }

    // The last real failure says more than the clock.
    private static Failure OutOfTime(Trip trip)
    {
        string before = trip.Last is { } last ? $" The last failure before: {last.Problem}" : "";
        string problem = $"there was no token within MaxWait ({trip.Options.MaxWait}), in {trip.Attempts} attempt(s); {trip.WaitingFor} was asked last.{before}";
        return (trip.Last ?? new Failure(FailureReason.TimedOut, problem)) with
        {
            Reason = FailureReason.TimedOut,
            Problem = problem,
            IsTransient = true,
            Hint = null,
            Cause = new TimeoutException(problem, trip.Last?.Cause),
        };
    }

    private static Trip TripOf(ResilienceContext context) => context.Properties.GetValue(TripKey, null!);

    /// <summary>One walk through the pipeline.</summary>
    private sealed class Trip(Settings settings, int maxRetries, long startedAt, Func<string> waitingFor)
    {
        public Settings Settings => settings;

        public ClientCredentialsOptions Options => settings.Options;

        public string WaitingFor => waitingFor();

        public int MaxRetries => maxRetries;

        public long StartedAt => startedAt;

        public int Attempts { get; set; }

        public TimeSpan Delay { get; set; }

        public Failure? Last { get; set; }

        public bool HasGivenUp { get; set; }
    }
}
