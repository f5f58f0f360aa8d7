using System.Globalization;
using ClientCredentials.Authentication;

namespace ClientCredentials.Tests.Authentication;

public class DpopNonceMemory
{
    [Fact]
    public void The_last_nonce_of_an_origin_is_known_whatever_the_path()
    {
        DpopNonces nonces = new();
        nonces.Keep(new Uri("https://api.example.com/a?x=1"), "A");

        nonces.Keep(new Uri("https://API.example.com:443/b"), "B");

        Assert.Equal("B", nonces.Of(new Uri("https://api.example.com/c")));
        Assert.Null(nonces.Of(new Uri("https://api.example.com:8443/c")));
        Assert.Null(nonces.Of(new Uri("http://api.example.com:443/c")));
    }

    [Fact]
    public void Of_more_than_a_hundred_origins_the_one_used_longest_ago_goes()
    {
        DpopNonces nonces = new();
        Enumerable.Range(0, 100).ToList().ForEach(host => nonces.Keep(Host(host), host.ToString(CultureInfo.InvariantCulture)));
        nonces.Of(Host(0));
        nonces.Keep(Host(1), "1b");

        nonces.Keep(Host(100), "100");

        Assert.Equal(["0", "1b", null, "3", "100"], new[] { 0, 1, 2, 3, 100 }.Select(host => nonces.Of(Host(host))));
        Assert.Equal(100, Enumerable.Range(0, 101).Count(host => nonces.Of(Host(host)) is not null));
    }

    [Fact]
    public void Many_threads_at_a_time_keep_it_whole_and_bounded()
    {
        DpopNonces nonces = new(limit: 10);

        Parallel.For(0, 10_000, step =>
        {
            nonces.Keep(Host(step % 37), $"{step % 37}");
            Assert.True(nonces.Of(Host(step % 37)) is not { } nonce || nonce == $"{step % 37}");
        });

        Assert.Equal(10, Enumerable.Range(0, 37).Count(host => nonces.Of(Host(host)) is not null));
    }

    private static Uri Host(int number) => new($"https://api-{number}.example.com/");
}
