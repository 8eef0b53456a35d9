namespace Exchange.Simulation.Disks;

/// <summary>Keeps the whole state of one machine; a write names the writer's epoch, and one of a dead activation is refused.</summary>
internal sealed class StateStore
{
    public uint Epoch { get; private set; }

    /// <summary>The last write; null: none yet.</summary>
    public byte[]? Durable { get; private set; }

    /// <summary>An activation begins: whoever had a lower epoch may not write any more.</summary>
    public uint TakeEpoch() => ++Epoch;

    public bool TryWrite(uint epoch, byte[] state)
    {
        if (epoch != Epoch)
            return false;
        Durable = state;
        return true;
    }
}
