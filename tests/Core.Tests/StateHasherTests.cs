namespace Exchange.Core.Tests;

public sealed class StateHasherTests
{
    [Fact]
    public void Order_length_and_every_bit_count()
    {
        var seen = new HashSet<ulong> { Hash(), Hash(0), Hash(0, 0), Hash(1, 2), Hash(2, 1), Hash(1, 2, 0) };
        Assert.Equal(6, seen.Count);
        for (int bit = 0; bit < 64; bit++)
            Assert.True(seen.Add(Hash(1L << bit, 7)), $"bit {bit}");
    }

    [Fact]
    public void The_same_bytes_hash_the_same_on_every_machine()
    {
        StateHasher hasher = StateHasher.Create();
        hasher.Add((ReadOnlySpan<byte>)[1, 2, 3, 4, 5, 6, 7, 8, 9]);
        hasher.Add((Int128)(-5));
        hasher.Add(true);

        Assert.Equal(Golden, hasher.Value);
    }

    private const ulong Golden = 10064333162116216086;

    private static ulong Hash(params long[] words)
    {
        StateHasher hasher = StateHasher.Create();
        foreach (long word in words)
            hasher.Add(word);
        return hasher.Value;
    }
}
