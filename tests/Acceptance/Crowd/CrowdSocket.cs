using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Exchange.Acceptance.Crowd;

/// <summary>A bare stream from an address of its own choice (all of 127.0.0.0/8 is this machine), so that thousands fit into one test.</summary>
internal sealed class CrowdSocket : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[4_096];

    private CrowdSocket(Socket socket) => _socket = socket;

    /// <param name="server">Where to connect.</param>
    /// <param name="from">The address that the server sees.</param>
    /// <param name="receiveBytes">Of the system's buffer; 0: as usual.</param>
    public static async Task<CrowdSocket> Connect(Uri server, IPAddress from, int receiveBytes = 0)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (receiveBytes > 0)
                socket.ReceiveBufferSize = receiveBytes;
            socket.Bind(new IPEndPoint(from, 0));
            using var patience = new CancellationTokenSource(Patience);
            await socket.ConnectAsync(IPAddress.Parse(server.Host), server.Port, patience.Token);
            var opened = new CrowdSocket(socket);
            await opened.Send(Encoding.ASCII.GetBytes(
                "GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"));
            return opened;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    public Task Subscribe(params string[] channels) =>
        Send(Frame($"{{\"id\":1,\"op\":\"subscribe\",\"channels\":[{string.Join(',', channels.Select(name => $"\"{name}\""))}]}}"));

    public async Task Send(ReadOnlyMemory<byte> bytes)
    {
        while (!bytes.IsEmpty)
            bytes = bytes[await _socket.SendAsync(bytes)..];
    }

    /// <summary>The next bytes; 0: it was closed.</summary>
    public async ValueTask<int> Read(CancellationToken over) => await _socket.ReceiveAsync(_buffer, over);

    /// <summary>Waits for a text, then says that it came.</summary>
    public async Task<bool> ReadUntil(string expected, CancellationToken over)
    {
        string tail = "";
        int read;
        while ((read = await Read(over)) > 0)
        {
            tail += Encoding.Latin1.GetString(_buffer, 0, read);
            if (tail.Contains(expected, StringComparison.Ordinal))
                return true;
            tail = tail[^Math.Min(tail.Length, expected.Length)..];
        }

        return false;
    }

    /// <summary>Takes whatever comes until the end.</summary>
    /// <returns>Bytes taken.</returns>
    public async Task<long> ReadOn(CancellationToken over)
    {
        long taken = 0;
        try
        {
            int read;
            while ((read = await Read(over)) > 0)
                taken += read;
        }
        catch (Exception end) when (end is OperationCanceledException or SocketException)
        {
            // Over, or cut.
        }

        return taken;
    }

    /// <summary>A text frame; its mask is zero.</summary>
    public static byte[] Frame(string text)
    {
        byte[] payload = Encoding.UTF8.GetBytes(text);
        if (payload.Length < 126)
            return [0x81, (byte)(0x80 | payload.Length), 0, 0, 0, 0, .. payload];
        var frame = new byte[8 + payload.Length];
        (frame[0], frame[1]) = (0x81, 0xfe);
        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(2), checked((ushort)payload.Length));
        payload.CopyTo(frame, 8);
        return frame;
    }

    public void Dispose()
    {
        _socket.LingerState = new LingerOption(true, 0);   // At once, as a client that was cut off.
        _socket.Dispose();
    }
}
