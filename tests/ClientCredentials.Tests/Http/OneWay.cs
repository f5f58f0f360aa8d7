using System.Text;

namespace ClientCredentials.Tests.Http;

/// <summary>A stream as it comes from a network: read once, forward.</summary>
internal sealed class OneWay(string text) : MemoryStream(Encoding.UTF8.GetBytes(text))
{
    public override bool CanSeek => false;

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override long Length => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin loc) => throw new NotSupportedException();
}
