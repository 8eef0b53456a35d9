namespace Exchange.Grains.Clocks;

/// <summary>The time that nodes are stamped with: it goes on with the machine's uptime, corrected by two clocks that can be set wrong.</summary>
/// <remarks>
/// Own time, the machine's clock and the database's: the middle one of three counts, so none of them alone can lead it astray. Small
/// differences are made good little by little; a leap is followed only where both clocks agree that it happened (a machine that slept),
/// and never on the word of one. All in ms.
/// </remarks>
internal sealed class AgreedTime
{
    /// <summary>Clocks farther apart do not agree, ms.</summary>
    public const long LeapMs = 1_000;

    /// <summary>The most that a correction moves the time by, ms; corrections come once a second.</summary>
    public const long SlewMs = 20;

    private long _offsetMs;

    /// <summary>Begins.</summary>
    /// <param name="uptimeMs">The machine's, which nobody can set.</param>
    /// <param name="clockMs">The machine's clock.</param>
    public AgreedTime(long uptimeMs, long clockMs) => _offsetMs = clockMs - uptimeMs;

    /// <summary>The machine's clock less the agreed time, as of the last correction.</summary>
    public long MachineAheadMs { get; private set; }

    /// <summary>The database's clock less the agreed time, as of the last correction that it told of; 0: it has none.</summary>
    public long DatabaseAheadMs { get; private set; }

    public long At(long uptimeMs) => uptimeMs + Interlocked.Read(ref _offsetMs);

    /// <summary>Corrects it.</summary>
    /// <param name="machineMs">The machine's clock.</param>
    /// <param name="databaseMs">The database's; null: not known.</param>
    /// <returns>By how much it moved: more than <see cref="SlewMs"/> is a leap that both clocks have made.</returns>
    public long Correct(long uptimeMs, long machineMs, long? databaseMs)
    {
        long own = At(uptimeMs);
        MachineAheadMs = machineMs - own;
        DatabaseAheadMs = databaseMs is { } told ? told - own : 0;
        long movedMs = Move(databaseMs is not null);
        Interlocked.Add(ref _offsetMs, movedMs);
        return movedMs;
    }

    private long Move(bool hasDatabase)
    {
        if (!hasDatabase)
            return Math.Abs(MachineAheadMs) <= LeapMs ? Slew(MachineAheadMs) : 0;
        long middle = Middle(0, MachineAheadMs, DatabaseAheadMs);
        if (Math.Abs(middle) <= LeapMs)
            return Slew(middle);
        return Math.Abs(MachineAheadMs - DatabaseAheadMs) <= LeapMs ? middle : 0;
    }

    private static long Slew(long differenceMs) => Math.Clamp(differenceMs, -SlewMs, SlewMs);

    private static long Middle(long a, long b, long c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
