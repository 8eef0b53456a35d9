namespace Exchange.Embedded;

/// <summary>When the replica takes a snapshot: at whichever comes first.</summary>
public sealed class ReplicaOptions
{
    public const long LeastBytes = 1L << 20;
    public const long LeastInputs = 1_000;

    /// <summary>Bytes of records since the last snapshot. A start replays at most about so many, and the folder keeps two to three times as much.</summary>
    public long SnapshotEveryBytes { get; init; } = 1L << 30;

    /// <summary>Inputs since the last snapshot.</summary>
    public long SnapshotEveryInputs { get; init; } = 20_000_000;

    /// <summary>
    /// Durable records that it may be behind and still have only the processor time that others leave; farther behind it takes its share like
    /// any of them until half of it is made good. A start has so many records more to replay.
    /// </summary>
    public long PatientRecords { get; init; } = 10_000_000;

    /// <summary>False in tests only: where all processors are busy its turn may come late.</summary>
    internal bool WaitsForOthers { get; init; } = true;

    /// <exception cref="ArgumentException">A setting would make it do nothing but snapshots.</exception>
    internal void Validate()
    {
        Check(SnapshotEveryBytes, LeastBytes, nameof(SnapshotEveryBytes));
        Check(SnapshotEveryInputs, LeastInputs, nameof(SnapshotEveryInputs));
        Check(PatientRecords, 0, nameof(PatientRecords));
    }

    private static void Check(long value, long least, string option)
    {
        if (value < least)
            throw new ArgumentException($"Replica option {option} is less than {least}.", option);
    }
}
