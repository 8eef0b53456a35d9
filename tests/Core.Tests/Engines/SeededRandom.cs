namespace Exchange.Core.Tests.Engines;

/// <summary>Numbers from a seed, the same everywhere; a struct, so that what is measured for allocations may draw them.</summary>
internal struct SeededRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong NextWord()
    {
        unchecked
        {
            ulong z = _state += 0x9e3779b97f4a7c15UL;
            z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9UL;
            z = (z ^ (z >> 27)) * 0x94d049bb133111ebUL;
            return z ^ (z >> 31);
        }
    }

    /// <summary>0 to <paramref name="choices"/> - 1.</summary>
    public long Next(long choices) => (long)(NextWord() % (ulong)choices);

    /// <summary>Both ends included.</summary>
    public long Between(long low, long high) => low + Next(high - low + 1);

    /// <summary>True once in this many.</summary>
    public bool OneIn(long times) => Next(times) == 0;
}
