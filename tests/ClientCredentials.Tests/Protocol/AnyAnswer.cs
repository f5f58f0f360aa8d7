using System.Net;
using System.Text;
using ClientCredentials.Protocol;

namespace ClientCredentials.Tests.Protocol;

/// <summary>Whatever a server sends, it ends as a good token or as a failure. The same answers on every run: the seeds are fixed.</summary>
public sealed class AnyAnswer
{
    private static readonly string[] Corpus =
    [
        OneClient.Token,
        """{"access_token":"e30.eyJpYXQiOjEwMDAsImV4cCI6MTkwMH0.c2ln","scope":["a","b c"],"x":{"y":[1,null,true]}}""",
        """{"access_token":"t","token_type":"bEaReR","expires_in":"3599.9","scope":"a b","refresh_token":"r","id_token":null}""",
        """{"error":{"code":401,"message":"no","status":"s"}}""",
        """{"error":"invalid_client","error_description":"p@ss:w/\u00f6 rd+%"}""",
        """{"errorCode":"c","errorSummary":"s","ErrorCode":"d","Error":"e","fault":{"faultstring":"f"},"message":"m"}""",
        "access_token=a%2Bb&token_type=bearer&expires_in=60&scope=a+b&error=",
    ];

    private static readonly string[] Inserts =
    [
        "\\ud800", "\\udc00", "\\u0000", "\"", "\\", "{", "}", "[", "]", ",", ":", "null", "true", "-1", "1e400", "99999999999999999999", "\u202e", "ö", "%", "&", "=", "\ufeff",
        "\"access_token\":\"t\",", "\"error\":{},", "\"expires_in\":\"\\ud800\",", "\"\\ud800\":1,", "\"error\":{\"\\ud800\":{}},",
    ];

    private static readonly string?[] Types = ["application/json", "application/json", "text/plain", null, "application/x-www-form-urlencoded", "text/html"];

    private static readonly HttpStatusCode[] Statuses = [HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.Created, HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized, HttpStatusCode.ServiceUnavailable, HttpStatusCode.Found];

    [Theory]
    [InlineData(1)]
    [InlineData(20260101)]
    public void Ends_as_a_good_token_or_as_a_failure(int seed)
    {
        var random = new Random(seed);
        (int tokens, int failures) = (0, 0);
        for (var i = 0; i < 3000; i++)
        {
            var answer = new ServerAnswer(Pick(random, Statuses), Pick(random, Types), Mutated(random), Location: new Uri(Pick(random, Corpus), UriKind.Relative));

            var reply = ReadOrTell(answer);

            if (reply.Token is { } token)
            {
                tokens++;
                AssertGood(token, reply, answer);
                continue;
            }

            failures++;
            AssertPlain(Assert.IsType<Failure>(reply.Failure));
        }

        Assert.True(tokens > 100 && failures > 100, $"{tokens} tokens, {failures} failures: the mix is not worth much.");
    }

    private static TokenReply ReadOrTell(ServerAnswer answer)
    {
        try
        {
            return Reading.Read(answer);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"{answer.Status} {answer.MediaType} {Encoding.Latin1.GetString(answer.Body.Span)}", exception);
        }
    }

    private static void AssertGood(AccessToken token, TokenReply reply, ServerAnswer answer)
    {
        Assert.True(answer.IsSuccess);
        Assert.Null(reply.Failure);
        Assert.Equal("Bearer", token.Type);
        Assert.NotEmpty(token.Reveal());
        Assert.DoesNotContain(token.Reveal(), character => character is < '!' or > '~');
        Assert.InRange(reply.Lifetime, TimeSpan.Zero, TimeSpan.FromHours(24));
        Assert.Equal(Reading.SentAt + reply.Lifetime, token.ExpiresAt);
        Assert.All(token.Scopes, scope => Assert.DoesNotContain(scope, char.IsControl));
        Assert.DoesNotContain(token.Response.Keys, key => key is "access_token" or "refresh_token" or "id_token");
    }

    private static void AssertPlain(Failure failure)
    {
        var exception = failure.ToException("billing", profile: null);
        Assert.DoesNotContain(exception.Message, char.IsControl);
        Assert.DoesNotContain(OneClient.Secret, exception.Message, StringComparison.OrdinalIgnoreCase);
        Assert.True(exception.Message.Length < 2000);
        Assert.NotEqual("", failure.Error);
        Assert.NotEqual("", failure.Description);
    }

    private static byte[] Mutated(Random random)
    {
        List<byte> body = [.. Encoding.UTF8.GetBytes(Pick(random, Corpus))];
        for (var left = random.Next(4); left > 0; left--)
        {
            var at = random.Next(body.Count + 1);
            var length = Math.Min(random.Next(12), body.Count - at);
            switch (random.Next(6))
            {
                case 0:
                    body.InsertRange(at, Encoding.UTF8.GetBytes(Pick(random, Inserts)));
                    break;
                case 1:
                    body.RemoveRange(at, length);
                    break;
                case 2:
                    body.InsertRange(at, body.GetRange(at, length));
                    break;
                case 3:
                    body.Insert(at, (byte)random.Next(256));
                    break;
                case 4:
                    body.RemoveRange(at, body.Count - at);
                    break;
                default:
                    body.InsertRange(Math.Min(1, body.Count), Encoding.UTF8.GetBytes(Pick(random, Inserts)));
                    break;
            }
        }

        return [.. body];
    }

    private static T Pick<T>(Random random, T[] from) => from[random.Next(from.Length)];
}
