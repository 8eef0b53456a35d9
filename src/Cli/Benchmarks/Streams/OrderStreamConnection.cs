using System.Net.Sockets;
using Exchange.Cli.Http;
using Exchange.Protos;
using Google.Protobuf;

namespace Exchange.Cli.Benchmarks.Streams;

/// <summary>Order entry over one Protobuf stream with so many commands outstanding: post-only orders, each then canceled.</summary>
/// <remarks>
/// What follows from the answers of one frame goes back in one frame. Requests are bytes made beforehand and answers are only looked at
/// for their ids, so that the load costs little of the processors that it shares with the server.
/// </remarks>
internal sealed class OrderStreamConnection : IDisposable
{
    private const int MessageTag = 0x0a;
    private const int LargestItem = 128;

    private readonly WebSocketConnection _connection;
    private readonly byte[][] _places;
    private readonly byte[] _symbol;
    private readonly ulong[] _openOrders;
    private readonly long[] _sentAt;
    private readonly bool[] _isOutstanding;
    private readonly byte[] _frame;
    private int _frameLength;

    /// <param name="server">Where to connect.</param>
    /// <param name="token">Whose orders.</param>
    /// <param name="order">Placed over and over.</param>
    /// <param name="inFlight">Commands outstanding at a time.</param>
    public OrderStreamConnection(Uri server, string token, PlaceOrder order, int inFlight)
    {
        _places = [.. Enumerable.Range(0, inFlight).Select(slot => Item(new ClientMessage { Id = (ulong)slot, Place = order }))];
        _symbol = System.Text.Encoding.ASCII.GetBytes(order.Symbol);
        _openOrders = new ulong[inFlight];
        _sentAt = new long[inFlight];
        _isOutstanding = new bool[inFlight];
        _frame = new byte[inFlight * LargestItem];
        _connection = new WebSocketConnection(server, "/api/v1/stream", "exchange.v1.protobuf");
        _connection.Send(isBinary: true, Item(new ClientMessage { Id = 1, Authenticate = new Authenticate { Token = token } }));
        ServerMessage answer = ServerFrame.Parser.ParseFrom(_connection.Read()).Messages[0];
        if (answer.Done is null)
            throw new InvalidDataException($"A log-on was refused: {answer.Error?.Code}");
    }

    public Socket Socket => _connection.Socket;

    public bool IsOutstanding => Array.Exists(_isOutstanding, outstanding => outstanding);

    /// <summary>Sends a command on every free place.</summary>
    /// <param name="now">The time.</param>
    /// <param name="onlyCancels">No new orders.</param>
    public void SendAll(long now, bool onlyCancels)
    {
        for (int slot = 0; slot < _places.Length; slot++)
        {
            if (!_isOutstanding[slot] && (!onlyCancels || _openOrders[slot] != 0))
                Queue(slot, now);
        }

        Flush();
    }

    /// <summary>Takes the answers that have come.</summary>
    /// <param name="clock">Tells the time.</param>
    /// <param name="latencies">Gets the time of each answered command; null: not wanted.</param>
    /// <param name="isGoingOn">The next command follows each answer.</param>
    /// <returns>How many were answered.</returns>
    public int Receive(TimeProvider clock, List<long>? latencies, bool isGoingOn)
    {
        int answered = 0;
        if (!_connection.Fill())
            return 0;
        long now = clock.GetTimestamp();
        while (_connection.TryRead(out ReadOnlySpan<byte> frame))
        {
            while (!frame.IsEmpty)
            {
                int slot = Note(Message(ref frame));
                latencies?.Add(now - _sentAt[slot]);
                answered++;
                if (isGoingOn)
                    Queue(slot, now);
            }
        }

        Flush();
        return answered;
    }

    public void Dispose() => _connection.Dispose();

    private int Note(ReadOnlySpan<byte> message)
    {
        ReadOnlySpan<byte> whole = message;
        if (message[0] != 0x08)
            throw new InvalidDataException("The server sent an answer without id.");
        message = message[1..];
        int slot = (int)Varint(ref message);
        if (message[0] != (ServerMessage.OrderFieldNumber << 3 | 2))
            throw new InvalidDataException($"A command was refused: {ServerMessage.Parser.ParseFrom(whole).Error?.Code}");
        message = message[1..];
        Varint(ref message);   // The length of the answer; its first field is the order, whose first is the id.
        message = message[1..];
        Varint(ref message);
        message = message[1..];
        ulong orderId = Varint(ref message);
        _openOrders[slot] = _openOrders[slot] == 0 ? orderId : 0;
        _isOutstanding[slot] = false;
        return slot;
    }

    private void Queue(int slot, long now)
    {
        if (_openOrders[slot] == 0)
        {
            _places[slot].CopyTo(_frame, _frameLength);
            _frameLength += _places[slot].Length;
        }
        else
        {
            QueueCancel(slot);
        }

        _isOutstanding[slot] = true;
        _sentAt[slot] = now;
    }

    private void QueueCancel(int slot)
    {
        // From the inside out: the lengths of what is around are known then.
        Span<byte> name = stackalloc byte[LargestItem];
        int nameLength = 1;
        name[0] = 0x08;
        nameLength += WriteVarint(name[1..], _openOrders[slot]);
        name[nameLength++] = NamedOrder.SymbolFieldNumber << 3 | 2;
        name[nameLength++] = (byte)_symbol.Length;
        _symbol.CopyTo(name[nameLength..]);
        nameLength += _symbol.Length;

        Span<byte> id = stackalloc byte[10];
        int idLength = WriteVarint(id, (ulong)slot);
        Span<byte> item = _frame.AsSpan(_frameLength);
        int at = 0;
        item[at++] = MessageTag;
        item[at++] = (byte)(1 + idLength + 4 + nameLength);
        item[at++] = 0x08;
        id[..idLength].CopyTo(item[at..]);
        at += idLength;
        item[at++] = ClientMessage.CancelFieldNumber << 3 | 2;
        item[at++] = (byte)(2 + nameLength);
        item[at++] = CancelOrder.OrderFieldNumber << 3 | 2;
        item[at++] = (byte)nameLength;
        name[..nameLength].CopyTo(item[at..]);
        _frameLength += at + nameLength;
    }

    private void Flush()
    {
        if (_frameLength == 0)
            return;
        _connection.Send(isBinary: true, _frame.AsSpan(0, _frameLength));
        _frameLength = 0;
    }

    private static ReadOnlySpan<byte> Message(ref ReadOnlySpan<byte> frame)
    {
        if (frame[0] != MessageTag)
            throw new InvalidDataException("The server sent no ServerFrame.");
        frame = frame[1..];
        int length = (int)Varint(ref frame);
        ReadOnlySpan<byte> message = frame[..length];
        frame = frame[length..];
        return message;
    }

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        ulong value = 0;
        for (int i = 0, shift = 0; ; i++, shift += 7)
        {
            value |= (ulong)(bytes[i] & 0x7f) << shift;
            if (bytes[i] >= 0x80)
                continue;
            bytes = bytes[(i + 1)..];
            return value;
        }
    }

    private static int WriteVarint(Span<byte> bytes, ulong value)
    {
        int length = 0;
        for (; value >= 0x80; value >>= 7)
            bytes[length++] = (byte)(value | 0x80);
        bytes[length++] = (byte)value;
        return length;
    }

    private static byte[] Item(ClientMessage message) => new ClientFrame { Messages = { message } }.ToByteArray();
}
