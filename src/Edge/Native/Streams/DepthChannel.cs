using Exchange.Core.Instruments;
using Exchange.Core.Port;

namespace Exchange.Edge.Native.Streams;

/// <summary>A book's changes gathered for one length of time, and those who get them. Used by the hub's loop alone.</summary>
/// <remarks>
/// Who is behind with what it was sent gets no changes until it has taken that; then all since in one delta, the changes of a level
/// merged, and goes on with the others. So a slow reader costs its own connection a bounded queue, and the others nothing.
/// </remarks>
internal sealed class DepthChannel(int windowMs, DepthMirror mirror, Instrument instrument, Delivery delivery)
{
    /// <summary>How often it is looked whether one that is behind has caught up, ms.</summary>
    private const int LookMs = 10;

    private readonly Audience _audience = new(delivery);
    private readonly DepthChanges _changes = new();
    private readonly List<Laggard> _laggards = [];
    private GatheringWindow _window = new(windowMs);

    /// <summary>One that is behind, and the number it has been told; 0: nothing yet.</summary>
    private readonly record struct Laggard(StreamConnection Connection, ulong Told);

    public bool IsEmpty => _audience.IsEmpty && _laggards.Count == 0;

    /// <summary>When something is to be done next, on the hub's clock.</summary>
    public long DueMs(long nowMs) =>
        Math.Min(_changes.IsEmpty ? long.MaxValue : _window.DueMs, _laggards.Count == 0 ? long.MaxValue : nowMs + LookMs);

    /// <summary>Begins with a snapshot, as soon as the stream can take it; a repeat begins anew.</summary>
    public void Add(StreamConnection connection, long nowMs)
    {
        Remove(connection);
        var newcomer = new Laggard(connection, 0);
        if (!TryBegin(newcomer, nowMs))
            _laggards.Add(newcomer);
    }

    public void Remove(StreamConnection connection)
    {
        _audience.Remove(connection);
        _laggards.RemoveAll(laggard => laggard.Connection == connection);
    }

    /// <summary>Takes the next change; the mirror has it already.</summary>
    public void Gather(in FeedEvent change, long nowMs)
    {
        if (_audience.IsEmpty)
            return;
        if (_changes.IsEmpty)
        {
            _changes.First = change.Id;
            _window.Begin(nowMs);
        }

        _changes.Set(change.Side, change.PriceTicks, change.Lots);
        _changes.Last = change.Id;
        _changes.TimeMs = change.TimeMs;
    }

    /// <summary>Sends what is due.</summary>
    public void Flush(long nowMs)
    {
        if (!_changes.IsEmpty && _window.DueMs <= nowMs)
        {
            Flush();
            _window.End(nowMs);
        }

        for (int i = _laggards.Count - 1; i >= 0; i--)
        {
            if (TryBegin(_laggards[i], nowMs))
                _laggards.RemoveAt(i);
        }
    }

    /// <summary>The mirror started anew: everyone gets a snapshot, as if newly subscribed.</summary>
    public void StartAnew()
    {
        _changes.Clear();
        for (int i = 0; i < _laggards.Count; i++)
            _laggards[i] = _laggards[i] with { Told = 0 };
        _audience.Send(format => format.Snapshot(mirror, windowMs, instrument));
    }

    // What was gathered goes to the others first: the newcomer's first message stands between two of theirs.
    private bool TryBegin(Laggard laggard, long nowMs)
    {
        (StreamConnection connection, ulong told) = laggard;
        if (connection.IsBehind)
            return false;
        DepthChanges? missed = told == 0 ? null : mirror.Since(told);
        if (missed is null && !connection.TryTakeSnapshot(nowMs))
            return false;
        Flush();
        if (missed is null)
            delivery.SendNow(connection, connection.Messages.Snapshot(mirror, windowMs, instrument));
        else if (missed.First <= missed.Last)
            delivery.SendNow(connection, connection.Messages.Delta(missed, windowMs, instrument));
        _audience.Add(connection);
        return true;
    }

    private void Flush()
    {
        if (_changes.IsEmpty)
            return;
        if (_audience.RemoveWhere(member => member.IsBehind) is { } behind)
        {
            foreach (StreamConnection connection in behind)
                _laggards.Add(new Laggard(connection, _changes.First - 1));
        }

        _audience.Send(format => format.Delta(_changes, windowMs, instrument));
        _changes.Clear();
    }
}
