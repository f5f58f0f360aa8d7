using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;
using ClientCredentials.Clients;
using ClientCredentials.Http;
using ClientCredentials.Protocol;

namespace ClientCredentials.Tests.Http;

/// <summary>Which connections with a certificate are closed, and which are not. Their other end is the test.</summary>
public sealed class EndsOfConnections : IDisposable
{
    private static readonly DateTimeOffset From = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    // What never comes must fail a test, not hang it.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly TaskCompletionSource _isConnected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly List<Connection> _connections = [];
    private readonly SocketsHttpHandler _usual;
    private readonly CertificateRouter _router;
    private Task _answering = Task.CompletedTask;

    public EndsOfConnections()
    {
        _usual = new() { UseProxy = false, ConnectCallback = (_, _) => new(Connect()) };
        _router = new(_usual, "api");
    }

    public void Dispose() => _router.Dispose();

    [Fact]
    public async Task Where_there_are_too_many_the_one_that_was_used_least_recently_is_closed()
    {
        ClientCertificate[] certificates = [.. Enumerable.Range(0, 101).Select(_ => Certificate())];
        foreach (ClientCertificate certificate in certificates[..100])
        {
            await SendAsync(certificate);
        }

        await SendAsync(certificates[0]);
        await SendAsync(certificates[100]);

        Assert.Equal(101, _connections.Count);
        Assert.Equal([1], Closed());
    }

    [Fact]
    public async Task Those_of_a_retired_certificate_are_closed_after_its_last_request()
    {
        ClientCertificate certificate = Certificate();
        await SendAsync(certificate);
        int[] before = Closed();
        certificate.Identity.Retire();

        await SendAsync(certificate);

        Assert.Empty(before);
        Assert.Equal([0], Closed());
    }

    [Fact]
    public async Task Those_of_a_retired_certificate_are_closed_when_another_comes()
    {
        ClientCertificate old = Certificate();
        await SendAsync(old);
        old.Identity.Retire();

        await SendAsync(Certificate());

        Assert.Equal([0], Closed());
    }

    [Fact]
    public async Task No_request_that_is_on_its_way_is_cut_off_when_its_certificate_is_retired()
    {
        ClientCertificate certificate = Certificate();
        TaskCompletionSource held = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _answering = held.Task;
        Task<HttpStatusCode> slow = SendAsync(certificate);
        await _isConnected.Task.WaitAsync(Patience);
        _answering = Task.CompletedTask;
        certificate.Identity.Retire();

        await SendAsync(certificate);
        int[] meanwhile = Closed();
        held.SetResult();

        Assert.Equal(HttpStatusCode.OK, await slow);
        Assert.Empty(meanwhile);
        Assert.Equal([0, 1], Closed());
    }

    [Fact]
    public async Task A_certificate_that_comes_again_with_other_settings_keeps_its_connection()
    {
        using X509Certificate2 same = SelfSigned();
        ClientCertificate old = Certificate(same);
        await SendAsync(old);
        old.Identity.Retire();

        await SendAsync(Certificate(same));
        await SendAsync(Certificate(same));

        Assert.Single(_connections);
        Assert.Empty(Closed());
    }

    [Fact]
    public async Task At_the_end_all_are_closed_and_the_app_s_own_handler_with_them()
    {
        await SendAsync(Certificate());
        await SendAsync(Certificate());

        _router.Dispose();

        Assert.Equal([0, 1], Closed());
        using HttpMessageInvoker usual = new(_usual, disposeHandler: false);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => usual.SendAsync(new HttpRequestMessage(HttpMethod.Get, "http://api.example.com/"), default));
    }

    private int[] Closed() => [.. Enumerable.Range(0, _connections.Count).Where(number => _connections[number].IsClosed)];

    private Connection Connect()
    {
        Connection connection = new(_answering);
        _connections.Add(connection);
        _isConnected.TrySetResult();
        return connection;
    }

    private async Task<HttpStatusCode> SendAsync(ClientCertificate certificate)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "http://api.example.com/");
        new Presentation(certificate, "billing", profile: null).PutOn(request);
        using HttpMessageInvoker invoker = new(_router, disposeHandler: false);
        using HttpResponseMessage response = await invoker.SendAsync(request, default);
        return response.StatusCode;
    }

    private static ClientCertificate Certificate() => Certificate(SelfSigned());

    private static ClientCertificate Certificate(X509Certificate2 certificate) => ClientCertificate.Of(certificate, [], new Identity(), previous: null).Certificate!;

    private static X509Certificate2 SelfSigned()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        return new CertificateRequest("CN=billing", key, HashAlgorithmName.SHA256).CreateSelfSigned(From, From.AddYears(1));
    }

    /// <summary>Answers each request with 200, once it may.</summary>
    private sealed class Connection(Task answering) : Stream
    {
        private readonly Channel<byte[]> _answers = Channel.CreateUnbounded<byte[]>();

        public bool IsClosed { get; private set; }

        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            bool hasAnswer = await _answers.Reader.WaitToReadAsync(cancellationToken);
            if (!hasAnswer || buffer.IsEmpty || !_answers.Reader.TryRead(out byte[]? answer))
            {
                return 0;
            }

            answer.CopyTo(buffer);
            return answer.Length;
        }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await answering;
            _answers.Writer.TryWrite("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray());
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            IsClosed = true;
            _answers.Writer.TryComplete();
            base.Dispose(disposing);
        }
    }
}
