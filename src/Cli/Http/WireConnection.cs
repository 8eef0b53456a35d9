using System.Buffers;
using System.Net.Sockets;

namespace Exchange.Cli.Http;

/// <summary>A kept HTTP/1.1 connection on a plain socket. Requests may be sent ahead; the server answers them one after the other.</summary>
internal sealed class WireConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly ArrayBufferWriter<byte> _unsent = new(16_384);
    private byte[] _received = new byte[16_384];
    private int _start;
    private int _end;

    public WireConnection(Uri server)
    {
        _socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true, ReceiveTimeout = 30_000, SendTimeout = 30_000 };
        try
        {
            _socket.Connect(server.Host, server.Port);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <summary>Puts a request behind those not sent yet.</summary>
    public void Write(ReadOnlySpan<byte> request) => _unsent.Write(request);

    /// <summary>Sends what was written, then waits for the next response; it is good until the next call.</summary>
    /// <exception cref="SocketException">The connection failed, or nothing came for 30 s.</exception>
    /// <exception cref="InvalidDataException">What came is no response.</exception>
    public WireResponse Read()
    {
        Flush();
        while (true)
        {
            int length = WireResponse.TryRead(_received.AsSpan(_start, _end - _start), out WireResponse response);
            if (length > 0)
            {
                _start += length;
                return response;
            }

            MakeRoom();
            int count = _socket.Receive(_received.AsSpan(_end));
            if (count == 0)
                throw new InvalidDataException("The server closed the connection.");
            _end += count;
        }
    }

    private void Flush()
    {
        ReadOnlySpan<byte> unsent = _unsent.WrittenSpan;
        while (!unsent.IsEmpty)
            unsent = unsent[_socket.Send(unsent)..];
        _unsent.ResetWrittenCount();
    }

    private void MakeRoom()
    {
        if (_start > 0)
        {
            _received.AsSpan(_start, _end - _start).CopyTo(_received);
            _end -= _start;
            _start = 0;
        }

        if (_end == _received.Length)
            Array.Resize(ref _received, _received.Length * 2);
    }

    public void Dispose() => _socket.Dispose();
}
