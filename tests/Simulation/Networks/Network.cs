using Exchange.Simulation.Worlds;

namespace Exchange.Simulation.Networks;

/// <summary>Carries messages between nodes; by chance it loses, repeats, delays and so reorders them, and cuts links.</summary>
internal sealed class Network(SplitMix random)
{
    private readonly PriorityQueue<Envelope, (long DueMs, ulong Order)> _queue = new();
    private readonly Dictionary<(int From, int To), long> _cuts = [];
    private ulong _order;

    public Faults Faults { get; set; } = Faults.None;

    public int InFlight => _queue.Count;

    public void Send(int from, int to, Message message, long nowMs)
    {
        if (random.Chance(Faults.Lost) || (_cuts.TryGetValue((from, to), out long untilMs) && nowMs < untilMs))
            return;
        Enqueue(from, to, message, nowMs);
        while (random.Chance(Faults.Repeated))
            Enqueue(from, to, message, nowMs);
    }

    /// <summary>Nothing gets from one node to another for a while; the way back stays open.</summary>
    public void Cut(int from, int to, long untilMs) => _cuts[(from, to)] = untilMs;

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

    private void Enqueue(int from, int to, Message message, long nowMs)
    {
        long delayMs = random.Chance(Faults.Slow) ? random.Between(100, 6_000) : random.Between(1, 40);
        _queue.Enqueue(new Envelope(from, to, message), (nowMs + delayMs, _order++));
    }
}

internal readonly record struct Envelope(int From, int To, Message Message);
