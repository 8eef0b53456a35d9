namespace Exchange.Simulation.Worlds;

/// <summary>What goes wrong, each so often in a hundred thousand of its occasions.</summary>
internal sealed record Faults
{
    public static readonly Faults None = new();

    public static readonly Faults All = new()
    {
        Lost = 8_000,
        Repeated = 8_000,
        Slow = 10_000,
        Killed = 600,
        KilledBetweenMessages = 60,
        KilledInLiquidation = 10_000,
        TimePassed = 20,
        ClockJumped = 300,
        LongDown = 10_000,
        Cut = 200,
        SlowSync = 3_000,
        FailedSync = 200,
        Doubled = 25_000,
    };

    /// <summary>These faults in another mixture: each as often, thrice as often, or never.</summary>
    /// <remarks>Always the same mixture would hide what needs much of the one and nothing of the other.</remarks>
    public Faults Mixed(SplitMix random) => new()
    {
        Lost = Some(Lost, random),
        Repeated = Some(Repeated, random),
        Slow = Some(Slow, random),
        Killed = Some(Killed, random),
        KilledBetweenMessages = Some(KilledBetweenMessages, random),
        KilledInLiquidation = Some(KilledInLiquidation, random),
        TimePassed = Some(TimePassed, random),
        ClockJumped = Some(ClockJumped, random),
        LongDown = Some(LongDown, random),
        Cut = Some(Cut, random),
        SlowSync = Some(SlowSync, random),
        FailedSync = Some(FailedSync, random),
        Doubled = Some(Doubled, random),
    };

    private static int Some(int rate, SplitMix random) => rate * random.Below(6) switch { 0 => 0, 1 => 3, _ => 1 };

    // Of a message.
    public int Lost { get; init; }
    public int Repeated { get; init; }
    public int Slow { get; init; }

    /// <summary>A node dies, per step.</summary>
    public int Killed { get; init; }

    /// <summary>A node dies, per event within a step.</summary>
    public int KilledBetweenMessages { get; init; }

    /// <summary>An account dies as a message of its liquidation comes: chance alone would seldom strike there.</summary>
    public int KilledInLiquidation { get; init; }

    /// <summary>An hour goes by at once, for everybody, per step.</summary>
    public int TimePassed { get; init; }

    /// <summary>The clock of one machine jumps, forward or back, per step.</summary>
    public int ClockJumped { get; init; }

    /// <summary>Of a book's death: it stays down for long; of another's a quarter as often.</summary>
    public int LongDown { get; init; }

    /// <summary>A one-way link is cut for a while, per step.</summary>
    public int Cut { get; init; }

    // Of a write.
    public int SlowSync { get; init; }

    /// <summary>Nobody knows what became of it: nothing, a part, or all of it.</summary>
    public int FailedSync { get; init; }

    /// <summary>Of a node's death: the old activation does not know that it is dead and goes on for a while.</summary>
    public int Doubled { get; init; }
}
