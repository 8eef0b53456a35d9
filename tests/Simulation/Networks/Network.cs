using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Wire;
using Exchange.Simulation.Worlds;

namespace Exchange.Simulation.Networks;

/// <summary>Carries messages, as bytes, between nodes; by chance it loses, repeats, delays and so reorders them, and cuts links.</summary>
internal sealed class Network(SplitMix random)
{
    private readonly PriorityQueue<Envelope, (long DueMs, ulong Order)> _queue = new();
    private readonly Dictionary<(NodeId From, NodeId To), long> _cuts = [];
    private readonly SnapshotWriter _writer = new();
    private ulong _order;

    public Faults Faults { get; set; } = Faults.None;

    public static byte[] Encode(NodeMessage message, SnapshotWriter writer)
    {
        writer.Clear();
        NodeMessageCodec.Encode(message, writer);
        return writer.Written.ToArray();
    }

    public void Send(NodeId from, ReadOnlySpan<NodeId> to, NodeMessage message, long nowMs)
    {
        byte[] bytes = Encode(message, _writer);
        foreach (NodeId node in to)
            Send(from, node, bytes, nowMs);
    }

    private void Send(NodeId from, NodeId to, byte[] bytes, long nowMs)
    {
        if (random.Chance(Faults.Lost) || (_cuts.TryGetValue((from, to), out long untilMs) && nowMs < untilMs))
            return;
        Enqueue(from, to, bytes, nowMs);
        while (random.Chance(Faults.Repeated))
            Enqueue(from, to, bytes, nowMs);
    }

    /// <summary>Nothing gets from one node to another for a while; the way back stays open.</summary>
    public void Cut(NodeId from, NodeId to, long untilMs) => _cuts[(from, to)] = untilMs;

    public void Heal() => _cuts.Clear();

    public bool TryTake(long nowMs, out Envelope envelope)
    {
        if (_queue.TryPeek(out envelope, out (long DueMs, ulong Order) key) && key.DueMs <= nowMs)
        {
            _queue.Dequeue();
            return true;
        }

        envelope = default;
        return false;
    }

    private void Enqueue(NodeId from, NodeId to, byte[] bytes, long nowMs)
    {
        long delayMs = random.Chance(Faults.Slow) ? random.Between(100, 6_000) : random.Between(1, 40);
        _queue.Enqueue(new Envelope(from, to, bytes), (nowMs + delayMs, _order++));
    }
}

internal readonly record struct Envelope(NodeId From, NodeId To, byte[] Bytes)
{
    public NodeMessage Open() => NodeMessageCodec.Decode(Bytes);
}
