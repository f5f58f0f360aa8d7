namespace ClientCredentials.Tests.Conventions;

/// <summary>The rows that a stranger would test, each the trait <c>Scenario</c> of at least one test.</summary>
internal static class ScenarioTable
{
    /// <summary>Rows of which a part was decided otherwise, each with the reason. A row that stands here may be without a test.</summary>
    public static readonly IReadOnlyDictionary<string, string> DecidedOtherwise = new Dictionary<string, string>
    {
    };

    private const string Table = """
        T01 Basic, form-encoded
        T02 Basic, raw, in UTF-8
        T03 raw Basic with a colon in the id
        T04 a Base64 secret in the Basic header
        T05 every character comes back decoded
        T06 credentials in the form, in this order
        T07 two ways of authentication at once
        T08 the query of the token URL is kept
        T09 a token URL with a fragment
        T10 a parameter with an empty value
        T11 two resources
        T12 another grant type
        T13 a parameter that has a setting of its own
        T14 token_type in any casing
        T15 token_type that needs an alias
        T16 no token_type
        T17 expires_in as number, text, decimal
        T18 no expires_in
        T19 expires_in 0
        T20 expires_in that cannot be
        T21 tokens of five seconds
        T22 the same token again, counting down
        T23 a refresh token in the answer
        T24 members nobody knows
        T25 scope smaller, a list, null
        T26 201 with a token
        T27 200 with an error
        T28 400 with a token
        T29 401 invalid_client of the token endpoint
        T30 401 server_error
        T31 errors in the shapes of vendors
        T32 200 that is no token response
        T33 a form-encoded answer
        T34 2 MiB, endless, a gzip bomb
        T35 tokens that no header can carry
        T36 two access tokens in one answer
        T37 a redirect of the token endpoint
        T38 http beyond loopback
        T39 500, 500, 200
        T40 Retry-After in seconds, as a date, too long
        T41 429 to ten callers
        T42 a server that hangs
        T43 a hundred first calls
        T44 one of two callers leaves
        T45 a fetch that fails with ten waiters
        T46 a slow server while the token is due
        T47 a server that is down until the token ends
        T48 401 invalid_token of the API
        T49 an API that always says 401
        T50 twenty 401s for one token
        T51 401 after another caller has renewed
        T52 403 insufficient_scope; challenges of other schemes
        T53 401 to a body that cannot be sent again
        T54 401 after a redirect
        T55 three challenges in one header or in three
        T56 the caller's own Authorization header
        T57 a request to another origin
        T58 private_key_jwt with a known issuer
        T59 a certificate as Entra ID wants it
        T60 DPoP: a nonce of the token endpoint
        T61 DPoP: a nonce again and again
        T62 DPoP: a nonce of the API
        T63 DPoP asked for, Bearer given
        T64 discovery, and a foreign issuer
        T65 mutual TLS with an endpoint of its own
        T66 what makes a source of its own
        T67 a new secret while running
        T68 nothing written holds a secret
        T69 this machine's clock is wrong
        T70 the wall clock jumps back
        T71 the handler on a token client
        T72 handlers that are recycled
        T73 two profiles, one host
        T74 short tokens, ten calls
        T75 two audiences through one client
        T76 the first retry after a 401
        T77 a permanent 401 to a stream
        T78 no token: the API sees nothing
        T79 an outer retry
        T80 synchronous sends
        T81 disposed during a fetch
        T82 a hundred thousand kinds of tokens
        T83 a profile that the client does not have
        T84 a typo in the name of a client
        T85 two handlers on one HttpClient
        T86 white space in id and secret
        T87 too many scopes, too long, malformed
        T88 scopes that are kept back
        T89 a nonce wants a new assertion too
        T90 401 without a reason
        T91 403 with an empty body of the API
        T92 403 with an empty body of the token endpoint
        T93 a server that takes Basic raw only
        T94 404 of the token endpoint
        T95 handlers meant for all HttpClients
        T96 the app's own primary handler
        T97 layers of settings
        T98 values and keys that are wrong
        T99 credentials do not cross profiles
        T100 a bad reload, then a good one
        T101 invalid_scope for one kind of token
        T102 404 of the token endpoint and a filter for the API
        T103 two APIs, one always says 401
        T104 a renewal that hangs until the token ends
        T105 settings that change during a flight
        T106 the rejected token again
        T107 the caller's Activity and AsyncLocal
        T108 a relative path below ApiUrl
        T109 another profile's API
        T110 names of clients
        """;

    /// <summary>Id and title of each row.</summary>
    public static IReadOnlyList<(string Id, string Title)> Rows { get; } =
        [.. Table.Split('\n').Select(line => line.Split(' ', 2)).Select(parts => (parts[0], parts[1]))];
}
