namespace Exchange.Simulation.Worlds;

/// <summary>How large a world is: mostly small, where everything meets everything, now and then dozens of books and accounts.</summary>
internal readonly record struct WorldSize(int Books, int Accounts)
{
    public static WorldSize Drawn(SplitMix random) => random.Below(100) switch
    {
        < 72 => new WorldSize(2, 3),
        < 94 => new WorldSize(3 + random.Below(4), 4 + random.Below(5)),
        _ => new WorldSize(12 + random.Below(18), 12 + random.Below(18)),
    };

    /// <summary>So many times the smallest.</summary>
    public int Times => Math.Max(1, Accounts / 3);
}
