using System.Buffers.Binary;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Exchange.Cli.Http;

/// <summary>A WebSocket on a plain socket, for loads that a client library would dominate. Answers pings by itself.</summary>
/// <remarks>Frames are masked with zeros, which is a mask: the bytes go as they are.</remarks>
internal sealed class WebSocketConnection : IDisposable
{
    private const int LargestHead = 14;

    private byte[] _received = new byte[4_096];
    private readonly byte[] _head = new byte[LargestHead];
    private int _start;
    private int _end;

    /// <exception cref="InvalidDataException">The server did not take the upgrade.</exception>
    public WebSocketConnection(Uri server, string path, string? subprotocol = null)
    {
        Socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            Socket.Connect(server.Host, server.Port);
            Upgrade(server, path, subprotocol);
            Socket.Blocking = false;
        }
        catch
        {
            Socket.Dispose();
            throw;
        }
    }

    public Socket Socket { get; }

    public void Send(bool isBinary, ReadOnlySpan<byte> payload)
    {
        int length = WriteHead(_head, (byte)(isBinary ? 0x82 : 0x81), payload.Length);
        SendAll(_head.AsSpan(0, length));
        SendAll(payload);
    }

    /// <summary>Takes what has come; false: nothing has.</summary>
    /// <exception cref="InvalidDataException">The server closed the connection.</exception>
    public bool Fill()
    {
        MakeRoom();
        int count = Socket.Receive(_received.AsSpan(_end), SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock)
            return false;
        if (error != SocketError.Success || count == 0)
            throw new InvalidDataException($"The server closed a stream ({error}).");
        _end += count;
        return true;
    }

    /// <summary>The next whole message of what has come; good until the next <see cref="Fill"/>.</summary>
    public bool TryRead(out ReadOnlySpan<byte> payload)
    {
        while (true)
        {
            ReadOnlySpan<byte> here = _received.AsSpan(_start, _end - _start);
            payload = default;
            if (!TryReadHead(here, out int head, out long length) || here.Length - head < length)
                return false;
            payload = here.Slice(head, (int)length);
            _start += head + (int)length;
            int opcode = here[0] & 0x0f;
            if (opcode is 1 or 2)
                return true;
            if (opcode == 8)
                throw new InvalidDataException($"The server ended a stream: {Encoding.UTF8.GetString(payload.Length > 2 ? payload[2..] : payload)}");
            if (opcode == 9)
                SendAll([0x8a, 0x80, 0, 0, 0, 0]);
        }
    }

    /// <summary>Waits for the next message.</summary>
    public ReadOnlySpan<byte> Read()
    {
        ReadOnlySpan<byte> payload;
        while (!TryRead(out payload))
        {
            if (!Socket.Poll(TimeSpan.FromSeconds(30), SelectMode.SelectRead))
                throw new InvalidDataException("The server did not answer within 30 s.");
            Fill();
        }

        return payload;
    }

    public void Dispose() => Socket.Dispose();

    private void Upgrade(Uri server, string path, string? subprotocol)
    {
        string key = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        string protocol = subprotocol is null ? "" : $"Sec-WebSocket-Protocol: {subprotocol}\r\n";
        Socket.Send(Encoding.ASCII.GetBytes(
            $"GET {path} HTTP/1.1\r\nHost: {server.Authority}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
            + $"Sec-WebSocket-Key: {key}\r\n{protocol}\r\n"));
        int end;
        while ((end = _received.AsSpan(0, _end).IndexOf("\r\n\r\n"u8)) < 0)
        {
            int count = Socket.Receive(_received.AsSpan(_end));
            if (count == 0)
                throw new InvalidDataException("The server closed the connection.");
            _end += count;
        }

        if (!_received.AsSpan().StartsWith("HTTP/1.1 101 "u8))
            throw new InvalidDataException($"The server did not open a stream: {Encoding.UTF8.GetString(_received, 0, _end).Replace("\r\n", " ", StringComparison.Ordinal)}");
        _start = end + 4;
    }

    private static int WriteHead(Span<byte> head, byte first, int length)
    {
        head[0] = first;
        int used = 2;
        if (length < 126)
        {
            head[1] = (byte)(0x80 | length);
        }
        else
        {
            head[1] = 0xfe;
            BinaryPrimitives.WriteUInt16BigEndian(head[2..], checked((ushort)length));
            used = 4;
        }

        head.Slice(used, 4).Clear();
        return used + 4;
    }

    private static bool TryReadHead(ReadOnlySpan<byte> here, out int head, out long length)
    {
        head = 2;
        length = here.Length < 2 ? 0 : here[1];
        if (here.Length < 2)
            return false;
        if (length == 126)
        {
            head = 4;
            if (here.Length < head)
                return false;
            length = BinaryPrimitives.ReadUInt16BigEndian(here[2..]);
        }
        else if (length == 127)
        {
            head = 10;
            if (here.Length < head)
                return false;
            length = BinaryPrimitives.ReadInt64BigEndian(here[2..]);
        }

        return true;
    }

    private void SendAll(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int sent = Socket.Send(bytes, SocketFlags.None, out SocketError error);
            if (error == SocketError.WouldBlock)
                Socket.Poll(TimeSpan.FromSeconds(30), SelectMode.SelectWrite);
            else if (error != SocketError.Success)
                throw new InvalidDataException($"The server closed a stream ({error}).");
            else
                bytes = bytes[sent..];
        }
    }

    private void MakeRoom()
    {
        if (_start == _end)
            _start = _end = 0;
        if (_end < _received.Length)
            return;
        if (_start > 0)
        {
            _received.AsSpan(_start, _end - _start).CopyTo(_received);
            _end -= _start;
            _start = 0;
        }
        else
        {
            Array.Resize(ref _received, _received.Length * 2);
        }
    }
}
