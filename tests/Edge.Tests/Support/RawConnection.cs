using System.Net.Sockets;
using System.Text;

namespace Exchange.Edge.Tests.Support;

/// <summary>A bare connection, for requests that no client library would send.</summary>
internal sealed class RawConnection : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly TcpClient _client;
    private readonly NetworkStream _stream;

    public RawConnection(Uri address)
    {
        _client = new TcpClient(address.Host, address.Port);
        _stream = _client.GetStream();
    }

    public async Task Write(string text) => await Write(Encoding.Latin1.GetBytes(text));

    public async Task Write(byte[] bytes)
    {
        try
        {
            await _stream.WriteAsync(bytes);
        }
        catch (IOException)
        {
            // The server answered and closed before it had all: what it said is still to be read.
        }
    }

    public async Task<string> ReadUntil(string expected)
    {
        var text = new StringBuilder();
        byte[] buffer = new byte[4_096];
        using var patience = new CancellationTokenSource(Patience);
        while (!text.ToString().Contains(expected, StringComparison.Ordinal))
        {
            int read = await ReadOrEnd(buffer, patience.Token);
            if (read == 0)
                break;
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        return text.ToString();
    }

    /// <summary>Everything until the server closes.</summary>
    public Task<string> ReadToEnd() => ReadUntil("\0never\0");

    /// <summary>Bytes until there are as many as asked, or the server closes.</summary>
    public async Task<byte[]> ReadBytes(int count)
    {
        byte[] bytes = new byte[count];
        using var patience = new CancellationTokenSource(Patience);
        int length = 0;
        while (length < count && await ReadOrEnd(bytes.AsMemory(length), patience.Token) is > 0 and int read)
            length += read;
        return bytes[..length];
    }

    // A connection that was cut has ended, too.
    private async Task<int> ReadOrEnd(Memory<byte> buffer, CancellationToken cancellation)
    {
        try
        {
            return await _stream.ReadAsync(buffer, cancellation);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    public void Dispose() => _client.Dispose();
}
