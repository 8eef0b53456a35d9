using System.Buffers;
using System.Net;
using System.Net.WebSockets;
using System.Text;
using Exchange.Edge.Authentication;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;

namespace Exchange.Edge.Native.Streams;

/// <summary>Reads what a client sends on its stream and has it done.</summary>
internal sealed class StreamSession(
    WebSocket socket, StreamConnection connection, StreamHub hub, InstrumentTable instruments, Authenticator authenticator, IPAddress? address,
    TimeProvider time, StreamMessages messages)
{
    public const string Path = "/api/v1/stream";
    private const int LargestMessage = 64 * 1_024;
    private const int MostFragments = 1_024;
    private const int MessagesPerSecond = 50;
    private static readonly TimeSpan MessageTime = TimeSpan.FromSeconds(10);

    private double _allowance = MessagesPerSecond;
    private long _lastMessage = time.GetTimestamp();

    /// <summary>Until the client closes, breaks the protocol, or the server ends the stream.</summary>
    public async Task RunReader()
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

                if (!TakeAllowance())
                {
                    connection.End(StreamEnd.Flood);
                    break;
                }

                Carry(buffer.AsSpan(0, length));
            }

            await DrainUntilClosed(buffer);
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException or IOException)
        {
            // Broken frames (1002, 1007) were answered by the socket itself; a lost connection has nobody to answer.
            connection.End(StreamEnd.ClientClosed);
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
                if (received.MessageType == WebSocketMessageType.Binary)
                    return (buffer, 0, StreamEnd.NotText);
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

    private void Carry(ReadOnlySpan<byte> message)
    {
        var request = new StreamRequest();
        Problem? problem = request.Read(message, instruments);
        if (problem is null)
            problem = Carry(request);
        if (problem is not null)
            connection.Send(messages.Refused(request.RequestId, problem));
    }

    private Problem? Carry(StreamRequest request)
    {
        switch (request.Kind)
        {
            case StreamOp.Authenticate:
                return LogOn(request);
            case StreamOp.Unsubscribe:
                hub.Unsubscribe(connection, request.RequestId, request.Channels);
                return null;
            default:
                if (request.Channels.Exists(channel => channel.IsPrivate) && MayListen() is { } refused)
                    return refused;
                hub.Subscribe(connection, request.RequestId, request.Channels);
                return null;
        }
    }

    private Problem? MayListen()
    {
        if (connection.Caller.KeyId is null)
            return new Problem(ErrorCatalogue.CredentialsMissing) { Detail = "Send {\"op\":\"authenticate\", …} first." };
        if (!connection.Caller.May(Permissions.Read))
            return new Problem(ErrorCatalogue.PermissionMissing) { Limit = "read" };
        return connection.Account == 0 ? new Problem(ErrorCatalogue.NoAccount) : null;
    }

    private Problem? LogOn(StreamRequest request)
    {
        // Once: channels already open belong to the account they were opened for.
        if (connection.Caller.KeyId is not null)
            return new Problem(ErrorCatalogue.AlreadyAuthenticated);

        Caller caller;
        Problem? problem = request.TokenText is not null
            ? authenticator.CheckToken(request.TokenText, address, out caller)
            : authenticator.CheckSignature(
                request.Signed, address, Encoding.ASCII.GetBytes($"{request.Signed.Timestamp}\nGET\n{Path}\n"), isChanging: true, out caller);
        if (problem is not null)
            return problem;
        connection.Caller = caller;
        connection.Send(messages.Done(request.RequestId));
        return null;
    }
}
