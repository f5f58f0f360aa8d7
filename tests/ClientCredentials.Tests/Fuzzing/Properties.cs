using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ClientCredentials.Authentication;
using ClientCredentials.Clients;
using ClientCredentials.Protocol;
using ClientCredentials.Tests.Http;
using ClientCredentials.Tests.Protocol;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.AspNetCore.WebUtilities;

namespace ClientCredentials.Tests.Fuzzing;

/// <summary>Laws for all inputs of a kind. A counter-example is shrunk to the smallest there is; the inputs are the same in every run.</summary>
public sealed class Properties
{
    private static readonly Config Laws = Config.QuickThrowOnFailure.WithMaxTest(1000).WithReplay(20260101, 1).WithQuietOnSuccess(true);

    // Characters that have bytes in UTF-8; half of a surrogate pair has none.
    private static readonly Arbitrary<string> Texts = ArbMap.Default.ArbFor<string>().Filter(text => text is not null && text == Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void What_is_put_into_a_form_comes_out_of_it()
    {
        Prop.ForAll(Texts, Texts, (name, value) =>
        {
            string body = Encoding.ASCII.GetString(FormEncoding.Body([new("x" + name, value), new("end", "1")]));

            Assert.Equal(value, QueryHelpers.ParseQuery(body).GetValueOrDefault("x" + name).ToString());
        }).Check(Laws);
    }

    [Fact]
    public void What_is_put_into_a_form_is_read_back_by_the_reader_of_answers()
    {
        Prop.ForAll(Texts, Texts, (name, value) =>
        {
            string body = Encoding.ASCII.GetString(FormEncoding.Body([new("x" + name, value + "y")]));

            Assert.Equal(KeyValuePair.Create("x" + name, value + "y"), Assert.Single(FormEncoding.Read(body)));
        }).Check(Laws);
    }

    [Fact]
    public void Id_and_secret_come_out_of_a_Basic_header()
    {
        Prop.ForAll(Texts, Texts, (id, secret) =>
        {
            TokenRequest request = new(new Settings("billing", null, isActive: true, new() { TokenUrl = new Uri("https://h/t"), ClientId = "x" }), asked: null);
            new BasicCredential(id, secret, BasicEncoding.FormUrlEncoded).AddToAsync(request, default, CancellationToken.None).AsTask().Wait();
            using HttpRequestMessage message = request.ToMessage();

            string pair = Encoding.UTF8.GetString(Convert.FromBase64String(message.Headers.Authorization!.Parameter!));

            Assert.Equal([id, secret], pair.Split(':').Select(WebUtility.UrlDecode));
        }).Check(Laws);
    }

    [Fact]
    public void Whole_seconds_of_expires_in_are_the_life_of_the_token_up_to_the_longest_believed()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), ArbMap.Default.ArbFor<bool>(), (seconds, isText) =>
        {
            TimeSpan expected = TimeSpan.FromSeconds(seconds < 0 ? 300 : Math.Min(seconds, 86_400));

            Assert.Equal(expected, Reading.Life(isText ? $"\"{seconds}\"" : $"{seconds}").Lifetime);
        }).Check(Laws);
    }

    [Fact]
    public void Any_number_of_seconds_is_a_life_within_bounds()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<double>().Filter(double.IsFinite), seconds =>
        {
            TokenReply reply = Reading.Life(seconds.ToString("R", CultureInfo.InvariantCulture));

            Assert.InRange(reply.Lifetime, TimeSpan.Zero, TimeSpan.FromHours(24));
            Assert.Equal(Reading.SentAt + reply.Lifetime, reply.Token!.ExpiresAt);
        }).Check(Laws);
    }

    [Fact]
    public void Challenges_are_read_as_they_were_written_whatever_their_texts_are()
    {
        Gen<string> words = Gen.Elements("Bearer", "Basic", "DPoP", "error", "realm", "x-y", "a.b");
        Gen<(string, string)> parameters = words.SelectMany(name => ArbMap.Default.GeneratorFor<NonNull<string>>().Select(value => (name, value.Get)));
        Gen<(string, (string, string)[])> challenges = words.SelectMany(scheme => parameters.ListOf().Select(list => (scheme, list.DistinctBy(pair => pair.Item1).ToArray())));

        Prop.ForAll(challenges.NonEmptyListOf().ToArbitrary(), written =>
        {
            string line = string.Join(", ", written.Select(challenge => $"{challenge.Item1} {string.Join(", ", challenge.Item2.Select(pair => $"{pair.Item1}=\"{Quoted(pair.Item2)}\""))}"));

            IReadOnlyList<Challenge> read = Challenge.Read([line]);

            Assert.Equal(written.Select(challenge => challenge.Item1), read.Select(challenge => challenge.Scheme));
            Assert.Equal(written.SelectMany(challenge => challenge.Item2), read.SelectMany(challenge => challenge.Parameters.Select(pair => (pair.Key, pair.Value))));
        }).Check(Laws);
    }

    [Fact]
    public void A_retry_after_of_any_date_or_seconds_is_waited_for_or_told()
    {
        Prop.ForAll(ArbMap.Default.ArbFor<int>(), ArbMap.Default.ArbFor<bool>(), (seconds, isDate) =>
        {
            using App app = new(client => client.MaxRetries = 0);
            DateTimeOffset at = app.Clock.GetUtcNow().AddSeconds(seconds);
            app.Tokens.Otherwise = _ => new(HttpStatusCode.ServiceUnavailable) { Headers = { RetryAfter = isDate ? new RetryConditionHeaderValue(at) : new RetryConditionHeaderValue(TimeSpan.FromSeconds(Math.Max(0, seconds))) } };

            ClientCredentialsException exception = Assert.ThrowsAsync<ClientCredentialsException>(() => app.Credentials.GetTokenAsync("billing").AsTask()).Result;

            Assert.Equal(TimeSpan.FromSeconds(Math.Max(0, seconds)), exception.RetryAfter);
        }).Check(Laws.WithMaxTest(100));
    }

    private static string Quoted(string text) => text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
