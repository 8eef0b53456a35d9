namespace Exchange.Simulation.Worlds;

/// <summary>The one source of chance of a simulated world (splitmix64): the same seed, the same world.</summary>
internal sealed class SplitMix(ulong seed)
{
    private ulong _state = seed;

    public ulong Next()
    {
        unchecked
        {
            ulong z = _state += 0x9e3779b97f4a7c15UL;
            z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9UL;
            z = (z ^ (z >> 27)) * 0x94d049bb133111ebUL;
            return z ^ (z >> 31);
        }
    }

    /// <summary>From 0 to below <paramref name="bound"/>.</summary>
    public int Below(int bound) => (int)(Next() % (ulong)bound);

    /// <summary>From <paramref name="low"/> to <paramref name="high"/>, both included.</summary>
    public long Between(long low, long high) => low + (long)(Next() % (ulong)(high - low + 1));

    /// <summary>True so often in a hundred thousand.</summary>
    public bool Chance(int inHundredThousand) => Below(100_000) < inHundredThousand;

    public T Of<T>(ReadOnlySpan<T> items) => items[Below(items.Length)];
}
