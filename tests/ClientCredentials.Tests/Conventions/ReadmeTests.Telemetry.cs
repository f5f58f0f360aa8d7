using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Reflection;
using ClientCredentials.Telemetry;
using ClientCredentials.Testing;
using ClientCredentials.Tokens;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ClientCredentials.Tests.Conventions;

public class ReadmeTestsTelemetry
{
    [Fact]
    public void The_table_of_log_events_has_each_with_its_id_its_level_and_its_sentence()
    {
        IEnumerable<string> coded = typeof(Log).GetMethods(BindingFlags.Static | BindingFlags.Public)
            .Select(method => method.GetCustomAttribute<LoggerMessageAttribute>())
            .OfType<LoggerMessageAttribute>()
            .OrderBy(message => message.EventId)
            .Select(message => $"{message.EventId} {message.Level} {message.Message}");

        Assert.Equal(coded, Readme.Table("Id").Select(row => $"{row[0]} {row[1]} {row[2]}"));
    }

    [Fact]
    public void Each_log_event_says_what_to_do() =>
        Assert.DoesNotContain(Readme.Table("Id"), row => row.Length != 4 || row[3].Length == 0);

    [Fact]
    public void The_table_of_reasons_has_each_reason() =>
        Assert.Equal(Enum.GetNames<FailureReason>(), Readme.Table("`Reason`").Select(row => Readme.Code(row[0]).Single()));

    [Fact]
    public async Task The_table_of_metrics_has_each_with_its_kind_its_unit_and_its_tags()
    {
        await using ServiceProvider app = new ServiceCollection().AddClientCredentials().Services.BuildServiceProvider();
        using Listener heard = new(app);

        heard.MeasureOneOfEach();

        Assert.Equal(heard.Instruments.Order(), Readme.Table("Instrument").Select(row => $"{Readme.Code(row[0]).Single()} {row[1]} {Readme.Code(row[2]).Single()}").Order());
        foreach (string[] row in Readme.Table("Instrument"))
        {
            Assert.Equal(heard.TagsOf(Readme.Code(row[0]).Single()), Readme.Code(row[4]));
        }
    }

    [Fact]
    public void The_limit_of_sources_is_the_one_of_the_code() =>
        Assert.Contains($"at most {TokenSources.Limit.ToString("N0", CultureInfo.InvariantCulture)}", Readme.Table("Instrument").Single(row => row[0] == "`client_credentials.sources`")[3]);

    [Fact]
    public async Task Token_requests_are_counted_by_what_came_of_them()
    {
        await using TestAuthorizationServer server = await TestAuthorizationServer.StartAsync(options => options.AddClient("billing-app", "s3cret"));
        await using ServiceProvider app = new ServiceCollection().AddClientCredentials()
            .AddClient("billing", client => (client.TokenUrl, client.ClientId, client.ClientSecret) = (server.TokenUrl, "billing-app", "s3cret"))
            .AddClient("broken", client => (client.TokenUrl, client.ClientId, client.ClientSecret) = (server.TokenUrl, "billing-app", "wrong"))
            .Services.BuildServiceProvider();
        using Listener heard = new(app);

        await app.GetRequiredService<IClientCredentials>().ConnectAsync("billing");
        await app.GetRequiredService<IClientCredentials>().ConnectAsync("broken");

        Assert.Equal(
            ["client_credentials.token_requests 1 billing, connect", "client_credentials.token_requests 1 broken, connect, invalid_client"],
            heard.Measured.Where(line => line.StartsWith("client_credentials.token_requests ", StringComparison.Ordinal)));
    }

    /// <summary>Hears the instruments of one app.</summary>
    private sealed class Listener : IDisposable
    {
        private readonly ServiceProvider _app;
        private readonly MeterListener _listener = new();
        private readonly ConcurrentQueue<(string Name, string[] Tags)> _tags = [];

        public Listener(ServiceProvider app)
        {
            _app = app;
            object scope = app.GetRequiredService<IMeterFactory>();
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Meter.Name == ClientCredentialsTelemetry.MeterName && instrument.Meter.Scope == scope)
                {
                    Instruments.Add($"{instrument.Name} {instrument.GetType().Name.Split('`')[0]} {instrument.Unit}");
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Hear(instrument, value, tags));
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Hear(instrument, value, tags));
            _listener.Start();
        }

        public List<string> Instruments { get; } = [];

        public ConcurrentQueue<string> Measured { get; } = [];

        /// <summary>Makes each instrument measure something.</summary>
        public void MeasureOneOfEach()
        {
            ClientCredentialsMeter meter = _app.GetRequiredService<ClientCredentialsMeter>();
            TimeSpan second = TimeSpan.FromSeconds(1);
            meter.SourceAdded("billing");
            meter.FlightLanded("billing", "Staging", "first", "invalid_client", 1, second, second);
            meter.CallerWaited("billing", "Staging", "first", second);
            meter.RefreshedAhead("billing", "Staging", second);
            meter.TokenRejected("billing", "Staging", isBraked: false);
            meter.StandingChanged("billing", "Staging", isRefused: true);
            meter.ClockSkewed("billing", "Staging", second);
        }

        public string[] TagsOf(string instrument) => _tags.First(entry => entry.Name == instrument).Tags;

        public void Dispose() => _listener.Dispose();

        private void Hear(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            KeyValuePair<string, object?>[] all = tags.ToArray();
            _tags.Enqueue((instrument.Name, [.. all.Select(tag => tag.Key)]));
            Measured.Enqueue($"{instrument.Name} {value} {string.Join(", ", all.Select(tag => tag.Value))}");
        }
    }
}
