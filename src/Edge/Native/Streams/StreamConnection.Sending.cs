using System.Net.WebSockets;
using Exchange.Edge.Errors;

namespace Exchange.Edge.Native.Streams;

/// <content>One thread at a time sends: whoever flushed first, or what goes on when the network took its time.</content>
internal sealed partial class StreamConnection
{
    /// <summary>Sends what waits as long as the network takes it at once, which is nearly always; the rest is waited for.</summary>
    private void SendWaiting()
    {
        try
        {
            while (true)
            {
                ValueTask sending = SendNext(out bool isDone);
                if (!sending.IsCompletedSuccessfully)
                {
                    _ = SendOn(sending);
                    return;
                }

                sending.GetAwaiter().GetResult();
                if (isDone)
                    return;
            }
        }
        catch (Exception gone) when (IsGone(gone))
        {
            Abandon();
        }
    }

    private async Task SendOn(ValueTask sending)
    {
        try
        {
            await sending;
        }
        catch (Exception gone) when (IsGone(gone))
        {
            Abandon();
            return;
        }

        SendWaiting();
    }

    private static bool IsGone(Exception failure) =>
        failure is WebSocketException or OperationCanceledException or IOException or InvalidOperationException;

    private void Abandon()
    {
        End(StreamEnd.ClientClosed);
        _abort();
        _closed.TrySetResult();
    }

    /// <summary>Sends one frame, or the last words; done when nothing waits.</summary>
    private ValueTask SendNext(out bool isDone)
    {
        isDone = false;
        if (TryTake(out Outgoing next, out bool isLast))
        {
            if (Messages.FrameType == WebSocketMessageType.Binary && !isLast)
                return SendGathered(next);
            byte[] message = BytesOf(next, out int counted);
            return SendFrame(message, counted);
        }

        isDone = TryStop(out StreamEnd? end);
        return end is null ? ValueTask.CompletedTask : Close(end);
    }

    /// <summary>Puts what waits into one frame, as far as it has room; a large message goes by itself.</summary>
    private async ValueTask SendGathered(Outgoing first)
    {
        using var frame = new FrameBuffer();
        byte[] message = BytesOf(first, out int counted);
        while (frame.TryAdd(message, counted))
        {
            if (!TryTake(out Outgoing next, out _))
            {
                message = [];
                break;
            }

            message = BytesOf(next, out counted);
        }

        if (!frame.IsEmpty)
            await SendFrame(frame.Bytes, frame.Counted);
        if (message.Length > 0)
            await SendFrame(message, counted);
    }

    private ValueTask SendFrame(ReadOnlyMemory<byte> bytes, int counted)
    {
        ValueTask sending = _socket.SendAsync(bytes, Messages.FrameType, endOfMessage: true, CancellationToken.None);
        if (!sending.IsCompletedSuccessfully)
            return Sent(sending, counted);
        sending.GetAwaiter().GetResult();
        Interlocked.Add(ref _waitingBytes, -counted);
        return ValueTask.CompletedTask;
    }

    private async ValueTask Sent(ValueTask sending, int counted)
    {
        await sending;
        Interlocked.Add(ref _waitingBytes, -counted);
    }

    private bool TryTake(out Outgoing next, out bool isLast)
    {
        lock (_gate)
        {
            bool isThere = _queue.TryDequeue(out next);
            isLast = _queue.Count == 0;
            return isThere;
        }
    }

    /// <summary>True: nothing waits, and whoever adds something flushes anew; or the stream is to be closed, for this reason.</summary>
    private bool TryStop(out StreamEnd? end)
    {
        lock (_gate)
        {
            end = _queue.Count > 0 ? null : _end;
            if (_queue.Count > 0)
                return false;
            _isSending = end is not null;
            return true;
        }
    }

    private byte[] BytesOf(Outgoing next, out int counted)
    {
        counted = next.Message?.Length ?? 0;
        return next.Message ?? AnswerOf(next.Order!);
    }

    private byte[] AnswerOf(StreamOrder order)
    {
        _metrics?.RecordOrder(order.Operation, order.SubmittedAt);
        byte[] message = order.Problem is null ? Messages.Ordered(order) : Messages.Refused(order.RequestId, order.Problem);
        Orders.Return(order);
        return message;
    }

    private async ValueTask Close(StreamEnd end)
    {
        if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
        {
            if (end.Entry is not null && _socket.State == WebSocketState.Open)
                await SendFrame(Messages.Refused(null, new Problem(end.Entry)), 0);
            await _socket.CloseOutputAsync(end.Status, end.Entry?.Code, CancellationToken.None);
        }

        _closed.TrySetResult();
    }
}
