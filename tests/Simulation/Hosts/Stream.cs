namespace Exchange.Simulation.Hosts;

/// <summary>What a store keeps of one node: the journal or the state, under the epoch of the last activation that began.</summary>
/// <param name="appended">Told every record as it becomes durable.</param>
/// <param name="isFenced">False in a mutant: neither epoch nor expected sequence is looked at, so whoever appends, appends.</param>
internal sealed class Stream(Action<byte[]> appended, bool isFenced)
{
    private readonly List<byte[]> _records = [];

    public uint Epoch { get; private set; }

    public IReadOnlyList<byte[]> Records => _records;

    /// <summary>The last whole state; empty: none yet.</summary>
    public byte[] State { get; private set; } = [];

    /// <summary>An activation begins: whoever had a lower epoch may not write any more.</summary>
    public uint TakeEpoch() => ++Epoch;

    public bool TryAppend(uint epoch, ulong expected, IEnumerable<byte[]> records)
    {
        if (isFenced && (epoch != Epoch || expected != (ulong)_records.Count))
            return false;
        foreach (byte[] record in records)
        {
            _records.Add(record);
            appended(record);
        }

        return true;
    }

    public bool TryWrite(uint epoch, byte[] state)
    {
        if (isFenced && epoch != Epoch)
            return false;
        State = state;
        return true;
    }
}
