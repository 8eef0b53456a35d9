using System.Buffers;
using System.Net;
using System.Net.WebSockets;
using Exchange.Edge.Authentication;
using Exchange.Edge.Errors;
using Exchange.Edge.Native.Streams.Protobuf;
using Exchange.Protos;

namespace Exchange.Edge.Native.Streams;

/// <summary>Reads what a client sends on its stream and has it done.</summary>
internal sealed class StreamSession(
    WebSocket socket, StreamConnection connection, StreamHub hub, StreamServices services, IPAddress? address, TimeProvider time)
{
    public const string Path = "/api/v1/stream";
    private const int LargestMessage = 64 * 1_024;
    private const int MostFragments = 1_024;
    private const int MessagesPerSecond = 50;
    private static readonly TimeSpan MessageTime = TimeSpan.FromSeconds(10);

    private double _allowance = MessagesPerSecond;
    private long _lastMessage = time.GetTimestamp();
    private readonly StreamOrders _orders = new(connection, services);

    private bool IsBinary => connection.Messages.FrameType == WebSocketMessageType.Binary;

    /// <summary>Until the client closes, breaks the protocol, or the server ends the stream.</summary>
    /// <returns>False: the socket broke off, perhaps with last words of its own that are still on their way.</returns>
    public async Task<bool> RunReader()
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(1_024);
        try
        {
            while (true)
            {
                (buffer, int length, StreamEnd? end) = await ReadMessage(buffer);
                if (end is not null)
                {
                    connection.End(end);
                    break;
                }

                if (!await CarryFrame(buffer.AsMemory(0, length)))
                {
                    connection.End(StreamEnd.Flood);
                    break;
                }
            }

            await DrainUntilClosed(buffer);
            return true;
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or IOException)
        {
            // Broken frames (1002, 1007) were answered by the socket itself; a lost connection has nobody to answer.
            connection.End(StreamEnd.ClientClosed);
            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private async ValueTask<(byte[] Buffer, int Length, StreamEnd? End)> ReadMessage(byte[] buffer)
    {
        int length = 0;
        CancellationTokenSource? patience = null;
        try
        {
            for (int fragments = 1; ; fragments++)
            {
                // The socket fills what it is given before it returns: no more room than the byte that is one too many.
                Memory<byte> room = buffer.AsMemory(0, Math.Min(buffer.Length, LargestMessage + 1))[length..];
                ValueWebSocketReceiveResult received = await socket.ReceiveAsync(room, patience?.Token ?? connection.Deadline);
                if (received.MessageType == WebSocketMessageType.Close)
                    return (buffer, 0, StreamEnd.ClientClosed);
                if (received.MessageType != connection.Messages.FrameType)
                    return (buffer, 0, IsBinary ? StreamEnd.NotBinary : StreamEnd.NotText);
                length += received.Count;
                if (length > LargestMessage)
                    return (buffer, 0, StreamEnd.TooLarge);
                if (received.EndOfMessage)
                    return (buffer, length, null);
                if (fragments >= MostFragments)
                    return (buffer, 0, StreamEnd.Flood);
                if (length == buffer.Length)
                    buffer = Grow(buffer, length);
                patience ??= new CancellationTokenSource(MessageTime, time);
            }
        }
        finally
        {
            patience?.Dispose();
        }
    }

    private static byte[] Grow(byte[] buffer, int length)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Min(buffer.Length * 4, LargestMessage + 1));
        buffer.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        return larger;
    }

    /// <summary>After the server's close frame: reads on until the client's own, for as long as the grace lasts.</summary>
    private async Task DrainUntilClosed(byte[] buffer)
    {
        while (socket.State is WebSocketState.Open or WebSocketState.CloseSent)
        {
            ValueWebSocketReceiveResult received = await socket.ReceiveAsync(buffer.AsMemory(), connection.Deadline);
            if (received.MessageType == WebSocketMessageType.Close)
                return;
        }
    }

    private bool TakeAllowance()
    {
        long now = time.GetTimestamp();
        _allowance = Math.Min(MessagesPerSecond, _allowance + time.GetElapsedTime(_lastMessage, now).TotalSeconds * MessagesPerSecond);
        _lastMessage = now;
        if (_allowance < 1)
            return false;
        _allowance--;
        return true;
    }

    /// <summary>Carries out the messages of a frame; false: they come too fast.</summary>
    private async ValueTask<bool> CarryFrame(ReadOnlyMemory<byte> bytes)
    {
        if (!IsBinary)
            return await Carry(JsonRequest.Read(bytes, services.Instruments, out StreamRequest request), request);
        if (ProtobufRequest.ReadFrame(bytes.Span, out ClientFrame frame) is { } malformed)
        {
            connection.Send(connection.Messages.Refused(null, malformed));
            return TakeAllowance();
        }

        foreach (ClientMessage message in frame.Messages)
        {
            if (!await Carry(ProtobufRequest.Read(message, services.Instruments, out StreamRequest request), request))
                return false;
        }

        return true;
    }

    private async ValueTask<bool> Carry(Problem? problem, StreamRequest request)
    {
        // A trader's orders are counted against the account instead.
        bool isTrading = problem is null && request.Op >= StreamOp.Place && connection.Caller.May(Permissions.Trade);
        if (!isTrading && !TakeAllowance())
            return false;
        problem ??= await Carry(request);

        // Those beyond the account's share are: or a stream could have itself refused without end.
        bool isTooMany = isTrading && (problem?.Entry == ErrorCatalogue.OrderRate || problem?.Entry == ErrorCatalogue.CancelRate);
        if (isTooMany && !TakeAllowance())
            return false;
        if (problem is not null)
            connection.Send(connection.Messages.Refused(request.Id, problem));
        return true;
    }

    private ValueTask<Problem?> Carry(StreamRequest request)
    {
        switch (request.Op)
        {
            case StreamOp.Authenticate:
                return LogOn(request);
            case StreamOp.Unsubscribe:
                hub.Unsubscribe(connection, request.Id, request.Channels);
                return default;
            case StreamOp.Subscribe:
                if (request.Channels.Exists(channel => channel.IsPrivate) && Refuse(Permissions.Read) is { } refused)
                    return new(refused);
                hub.Subscribe(connection, request);
                return default;
            default:
                return Refuse(Permissions.Trade) is { } notAllowed ? new(notAllowed) : _orders.Carry(request);
        }
    }

    /// <summary>Why the stream may not do what needs this right; null: it may.</summary>
    private Problem? Refuse(Permissions needed)
    {
        if (connection.Caller.KeyId is null)
            return new Problem(ErrorCatalogue.CredentialsMissing) { Detail = "Send {\"op\":\"authenticate\", …} first." };
        if (!connection.Caller.May(needed))
            return new Problem(ErrorCatalogue.PermissionMissing) { Limit = string.Join(", ", PermissionNames.Of(needed)) };
        return connection.Account == 0 ? new Problem(ErrorCatalogue.NoAccount) : null;
    }

    private async ValueTask<Problem?> LogOn(StreamRequest request)
    {
        // Once: channels already open belong to the account they were opened for.
        if (connection.Caller.KeyId is not null)
            return new Problem(ErrorCatalogue.AlreadyAuthenticated);

        (Problem? refused, Caller caller) = await services.LogOn.Take(request, address);
        if (refused is not null)
            return refused;
        connection.Caller = caller;
        connection.Send(connection.Messages.Done(request.Id, null));
        return null;
    }
}
