namespace Exchange.Api.Demo;

/// <summary>Throws that depend on nothing but the seed, what they are for, and the step: none has to be remembered over a restart.</summary>
/// <remarks>SplitMix64; whole numbers only, so that every machine throws the same.</remarks>
internal struct DemoDice
{
    private const ulong Golden = 0x9e3779b97f4a7c15UL;
    private ulong _state;

    /// <param name="seed">Of the market.</param>
    /// <param name="purpose">Other purposes throw independently.</param>
    /// <param name="subject">A symbol, an account, a price level.</param>
    /// <param name="step">The step, or the block of steps.</param>
    public DemoDice(int seed, DemoPurpose purpose, long subject, long step)
    {
        unchecked
        {
            _state = Mix(Mix(Mix(((ulong)(uint)seed << 8) + (ulong)purpose) + (ulong)subject) + (ulong)step);
        }
    }

    /// <summary>From 0 to <paramref name="end"/> - 1, each as likely.</summary>
    public int Below(int end) => (int)(((Next() >> 32) * (ulong)(uint)end) >> 32);

    /// <summary>From <paramref name="least"/> to <paramref name="most"/>.</summary>
    public int Between(int least, int most) => least + Below(most - least + 1);

    public bool Percent(int chance) => Below(100) < chance;

    /// <summary>Normal with mean 0 and deviation 1000: twelve even throws add up to it closely.</summary>
    public int Normal()
    {
        int sum = -6_000;
        for (int i = 0; i < 12; i++)
            sum += Below(1_001);
        return sum;
    }

    private ulong Next() => unchecked(Mix(_state += Golden));

    private static ulong Mix(ulong word)
    {
        unchecked
        {
            word = (word ^ (word >> 30)) * 0xbf58476d1ce4e5b9UL;
            word = (word ^ (word >> 27)) * 0x94d049bb133111ebUL;
            return word ^ (word >> 31);
        }
    }
}

/// <summary>What a throw is for.</summary>
internal enum DemoPurpose
{
    Market = 1,
    Symbol = 2,
    Turbulence = 3,
    Era = 4,
    Basis = 5,
    Level = 6,
    Maker = 7,
    Taker = 8,
    Gambler = 9,
}
