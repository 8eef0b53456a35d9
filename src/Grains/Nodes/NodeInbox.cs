using System.Diagnostics;
using Exchange.Core.Nodes.Messages;

namespace Exchange.Grains.Nodes;

/// <summary>What is to be brought to a node that is active here, in the order it came. Any thread adds; the node's turns take all at once.</summary>
/// <param name="most">Messages that may wait; what is beyond is lost, and is repeated by whoever wants it answered.</param>
/// <param name="wake">Has the node's grain take what is there in a turn of its own; not called again until it has taken.</param>
internal sealed class NodeInbox(int most, Action wake)
{
    /// <summary>A burst's room is not kept: there is an inbox for every account.</summary>
    private const int LargestKept = 64;
    private readonly Lock _lock = new();
    private List<Mail> _waiting = [];
    private List<Mail>? _spare;
    private ActivityContext _trace;
    private bool _isWoken;
    private bool _isClosed;

    /// <returns>False: the node is not here any more.</returns>
    public bool TryAdd(in Mail mail, ActivityContext trace)
    {
        lock (_lock)
        {
            if (_isClosed)
                return false;
            if (_waiting.Count < most)
                _waiting.Add(mail);
            if (_trace.TraceId == default)
                _trace = trace;
            if (_isWoken)
                return true;
            _isWoken = true;
        }

        wake();
        return true;
    }

    /// <param name="trace">The first recorded span that led to any of it.</param>
    /// <returns>All that waits; to be <see cref="PutBack"/> once it is read.</returns>
    public List<Mail> Take(out ActivityContext trace)
    {
        lock (_lock)
        {
            _isWoken = false;
            trace = _trace;
            _trace = default;
            List<Mail> taken = _waiting;
            _waiting = _spare ?? [];
            _spare = null;
            return taken;
        }
    }

    public void PutBack(List<Mail> taken)
    {
        if (taken.Capacity > LargestKept)
            return;
        taken.Clear();
        lock (_lock)
            _spare = taken;
    }

    /// <summary>The node was woken and takes nothing now.</summary>
    public void Leave()
    {
        lock (_lock)
            _isWoken = false;
    }

    /// <summary>What was left is to be taken now.</summary>
    public void WakeAgain()
    {
        lock (_lock)
        {
            if (_isClosed || _isWoken || _waiting.Count == 0)
                return;
            _isWoken = true;
        }

        wake();
    }

    /// <summary>It takes nothing any more.</summary>
    /// <returns>What waited.</returns>
    public List<Mail> Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            return Take(out _);
        }
    }
}

/// <summary>A message on its way.</summary>
/// <param name="Silo">Where it was sent; null: that is not known.</param>
internal readonly record struct Mail(NodeEnvelope Envelope, string? Silo);
