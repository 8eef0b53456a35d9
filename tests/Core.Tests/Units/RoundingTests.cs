using System.Numerics;
using Exchange.Core.Units;

namespace Exchange.Core.Tests.Units;

public sealed class RoundingTests
{
    [Theory]
    [InlineData(7, 2, 3, 4, 4, 3)]
    [InlineData(-7, 2, -4, -3, -3, -3)]
    [InlineData(6, 3, 2, 2, 2, 2)]
    [InlineData(-6, 3, -2, -2, -2, -2)]
    [InlineData(0, 5, 0, 0, 0, 0)]
    [InlineData(-1, 3, -1, 0, 0, 0)]
    public void Each_rule_rounds_its_own_way(long n, long d, long floor, long ceil, long halfUp, long truncated)
    {
        Assert.Equal(floor, Rounding.FloorDiv(n, d));
        Assert.Equal(ceil, Rounding.CeilDiv(n, d));
        Assert.Equal(halfUp, Rounding.HalfUpDiv(n, d));
        Assert.Equal(truncated, Rounding.TruncateDiv(n, d));
    }

    [Fact]
    public void All_widths_agree_with_big_integers()
    {
        var random = new Random(20260101);
        for (int i = 0; i < 200_000; i++)
        {
            Int128 n = Draw(random, 126) * (random.Next(2) == 0 ? 1 : -1);
            Int128 d = Draw(random, random.Next(1, 100)) + 1;
            BigInteger floor = BigInteger.Divide(n, d);
            if (n < 0 && floor * d != n)
                floor -= 1;
            BigInteger ceil = floor * d == n ? floor : floor + 1;

            Assert.Equal(floor, (BigInteger)Rounding.FloorDiv128(n, d));
            Assert.Equal(ceil, (BigInteger)Rounding.CeilDiv128(n, d));
            if (BigInteger.Abs(floor) < long.MaxValue)
            {
                Assert.Equal(floor, Rounding.FloorDiv(n, d));
                Assert.Equal(ceil, Rounding.CeilDiv(n, d));
            }
        }
    }

    [Fact]
    public void Extremes_of_64_bits_do_not_overflow_silently()
    {
        Assert.Equal(long.MinValue, Rounding.FloorDiv(long.MinValue, 1L));
        Assert.Equal(long.MinValue / 2, Rounding.CeilDiv((Int128)long.MinValue, 2));
        Assert.Throws<OverflowException>(() => Rounding.FloorDiv((Int128)long.MaxValue * 2, 1));
        Assert.Throws<InvariantException>(() => Rounding.FloorDiv(1L, 0L));
        Assert.Throws<InvariantException>(() => Rounding.CeilDiv(Int128.One, -1));
    }

    [Fact]
    public void Multiplying_before_dividing_keeps_what_64_bits_would_lose()
    {
        Assert.Equal(9_000_000_000_000_000_000, Rounding.FloorMulDiv(9_000_000_000_000_000_000, 100_000_000, Rounding.OneE8));
        Assert.Equal(232_505, Rounding.CeilMulDiv(628_390_000, 37_000, Rounding.OneE8));
        Assert.Equal(-31_419, Rounding.CeilMulDiv(628_390_000, -5_000, Rounding.OneE8));
    }

    private static Int128 Draw(Random random, int maxBits)
    {
        int bits = random.Next(0, maxBits);
        Int128 value = 0;
        for (int i = 0; i < bits; i++)
            value = value * 2 + random.Next(2);
        return value;
    }
}
