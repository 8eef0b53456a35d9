using Exchange.Edge.Errors;

namespace Exchange.Edge.Native.Streams;

/// <content>What is looked at now and then: who may stay.</content>
internal sealed partial class StreamHub
{
    /// <summary>A stream may not outlive the key or token that it was opened with, nor an order the time that the venue may take over it.</summary>
    /// <remarks>Looked for, not told by whoever revokes: a log-on may pass at the very moment of a revocation.</remarks>
    private void Sweep(long nowMs)
    {
        long wallMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (StreamConnection connection in _connections)
        {
            if (connection.ExpiresMs <= wallMs)
                connection.End(StreamEnd.TokenExpired);
            else if (!_authenticator.IsLive(connection.Caller))
                connection.End(StreamEnd.KeyRevoked);
            else if (IsTooLongBehind(connection, nowMs))
                connection.End(StreamEnd.SlowConsumer);
            foreach (StreamOrder late in connection.Orders.GiveUp(_orderPatience) ?? [])
                _delivery.Send(connection, connection.Messages.Refused(late.RequestId, new Problem(ErrorCatalogue.OutcomeUnknown)));
        }
    }

    private bool IsTooLongBehind(StreamConnection connection, long nowMs)
    {
        if (!connection.IsBehind)
            connection.BehindSinceMs = 0;
        else if (connection.BehindSinceMs == 0)
            connection.BehindSinceMs = nowMs;
        return connection.BehindSinceMs != 0 && nowMs - connection.BehindSinceMs > _longestBehindMs;
    }
}
