using System.Text;

namespace ClientCredentials.Tests.Fuzzing;

/// <summary>A server that answers as chance will have it: statuses, headers, and bodies that are cut, endless, slow, or break off.</summary>
internal sealed class HostileServer(LeapClock clock) : HttpMessageHandler
{
    private static readonly string[] Waits = ["0", "2", "30", "59", "61", "3600", "-1", "2147483647", "2147483648", "99999999999999999999", "1.5", "soon", "Thu, 01 Jan 2026 00:00:40 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 GMT", "2, 3"];
    private static readonly string[] Dates = ["Thu, 01 Jan 2026 00:00:00 GMT", "Fri, 31 Dec 9999 23:59:59 GMT", "Mon, 01 Jan 0001 00:00:00 GMT", "Thursday, 01-Jan-26 00:00:00 GMT", "now"];
    internal static readonly string[] Addresses = ["https://elsewhere.example.com/t?x=1", "/t", "//[::1", "https://user:pass@h", "javascript:alert(1)", "https://xn--a", "https://xn--\u00fc.example.com/", "http://\u00fcber.example.com", "https://h:99999", "\\\\h\\x"];
    private static readonly string[] Challenges = ["Basic realm=\"x\"", "Bearer error=\"invalid_token\"", "Negotiate", "DPoP error=\"use_dpop_nonce\", algs=\"ES256\""];
    private static readonly string[] Lengths = ["0", "5", "1048576", "1048577", "9223372036854775807", "-1", "99999999999999999999", "x"];
    internal static readonly string[] Words = ["0", "9", "-", ",", ";", " ", "\"", "=", "\t", "%", "\u00e9", "\u0080", "GMT", "9999", "[", "]", ":", "//", "@"];

    /// <summary>What the next answers are made of.</summary>
    public Chance Chance { get; set; } = new(0);

    public List<string> Shown { get; set; } = [];

    /// <summary>How many requests came.</summary>
    public int Requests { get; set; }

    /// <summary>The most bytes that were taken from one body.</summary>
    public long MostRead { get; set; }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Requests++;
        int kind = Chance.Below(30);
        if (kind == 0)
        {
            Shown.Add("the connection breaks");
            throw Broken(Chance, request);
        }

        if (kind == 1)
        {
            Shown.Add("no answer");
            return HangAsync<HttpResponseMessage>(Chance.OneIn(2) ? cancellationToken : CancellationToken.None);
        }

        HttpResponseMessage response = new(AnswerTarget.Status(Chance)) { RequestMessage = request };
        HostileBody body = new(this, AnswerTarget.Body(Chance), Chance);
        response.Content = new StreamContent(body);
        Add(response.Content.Headers, "Content-Type", AnswerTarget.MediaType(Chance));
        AddSome(response.Headers, "Retry-After", Waits);
        AddSome(response.Headers, "Date", Dates);
        AddSome(response.Headers, "Location", Addresses);
        AddSome(response.Headers, "WWW-Authenticate", Challenges);
        AddSome(response.Content.Headers, "Content-Length", Lengths);
        if (Chance.OneIn(10))
        {
            AddSome(response.Content.Headers, "Content-Type", ["application/json; charset=utf-8", "application/json; charset=\"x", "a/b/c", ";"]);
        }

        Shown.Add($"{(int)response.StatusCode} {response.Headers}{response.Content.Headers}{body}");
        return Task.FromResult(response);
    }

    /// <summary>A wait for what never comes; time goes on to the next limit meanwhile.</summary>
    internal async Task<T> HangAsync<T>(CancellationToken cancellationToken)
    {
        TaskCompletionSource<T> never = new(TaskCreationOptions.RunContinuationsAsynchronously);
        ThreadPool.UnsafeQueueUserWorkItem(static clock => clock.LeapToLimit(), clock, preferLocal: false);
        return await never.Task.WaitAsync(cancellationToken);
    }

    internal static Exception Broken(Chance chance, HttpRequestMessage? request = null) => chance.Below(8) switch
    {
        0 => new IOException("The connection was reset."),
        1 => new HttpRequestException("No such host.", new System.Net.Sockets.SocketException(11001)),
        2 => new InvalidDataException("The archive entry was compressed using an unsupported compression method."),
        3 => new TaskCanceledException(),
        4 => new ObjectDisposedException("stream"),
        5 => new HttpRequestException($"Failed: {request}"),
        6 => new InvalidOperationException($"Failed with {Secrecy.Canaries.Secret}"),
        _ => new System.Security.Authentication.AuthenticationException("The remote certificate is invalid."),
    };

    private void AddSome(System.Net.Http.Headers.HttpHeaders headers, string name, string[] seeds)
    {
        if (Chance.OneIn(3))
        {
            Add(headers, name, Chance.Text(seeds, Words));
        }
    }

    // What a connection cannot carry never comes to us: line breaks end a header.
    private static void Add(System.Net.Http.Headers.HttpHeaders headers, string name, string? value)
    {
        if (value is not null)
        {
            headers.TryAddWithoutValidation(name, string.Concat(value.Where(character => character is not ('\r' or '\n' or '\0'))));
        }
    }
}

/// <summary>A body of which nobody knows how it goes on.</summary>
internal sealed class HostileBody : Stream
{
    private readonly HostileServer _server;
    private readonly byte[] _bytes;
    private readonly Chance _chance;
    private readonly int _ending;
    private readonly int _chunk;
    private long _read;

    public HostileBody(HostileServer server, byte[] bytes, Chance chance)
    {
        (_server, _bytes, _chance) = (server, bytes, chance);
        _ending = chance.OneIn(3) ? chance.Below(6) : 0;
        _chunk = chance.Pick(1, 7, 4096, int.MaxValue);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override string ToString() =>
        $"{Encoding.Latin1.GetString(_bytes)}<{_ending switch { 1 => "endless", 2 => "then nothing more", 3 => "then nothing more, whoever cancels", 4 => "then it breaks", 5 => "and then a MiB", _ => "end" }}>";

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int length = (int)Math.Min(Math.Min(buffer.Length, _chunk), _bytes.Length - _read);
        if (length > 0)
        {
            _bytes.AsMemory((int)_read, length).CopyTo(buffer);
            return Count(length);
        }

        switch (_ending)
        {
            case 1:
            case 5 when _read < _bytes.Length + (1 << 20):
                // Not byte by byte: the point is how much is read, not how long that takes us.
                buffer.Span.Fill((byte)' ');
                return Count(buffer.Length);
            case 2:
                return await _server.HangAsync<int>(cancellationToken);
            case 3:
                return await _server.HangAsync<int>(CancellationToken.None);
            case 4:
                throw HostileServer.Broken(_chance);
            default:
                return 0;
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Only asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private int Count(int length)
    {
        _read += length;
        _server.MostRead = Math.Max(_server.MostRead, _read);
        return length;
    }
}
