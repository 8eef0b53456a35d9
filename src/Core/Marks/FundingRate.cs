using Exchange.Core.Instruments;
using Exchange.Core.Units;

namespace Exchange.Core.Marks;

/// <summary>From an interval's premiums to its funding rate (docs/rules/funding.md 8.2).</summary>
public static class FundingRate
{
    /// <summary>(average + clamp(interest - average)) / (8 h / interval), truncated, then capped on both sides.</summary>
    /// <param name="averagePremiumE8">Weighted average of the interval's premiums.</param>
    /// <param name="interest8hE8">Interest per 8 hours.</param>
    /// <param name="clampE8">Bound of what the interest may differ from the premium.</param>
    /// <param name="intervalMs">1, 2, 4 or 8 hours.</param>
    /// <param name="capE8">Bound of the rate.</param>
    public static long OfE8(long averagePremiumE8, long interest8hE8, long clampE8, long intervalMs, long capE8)
    {
        long perEightHours = averagePremiumE8 + Math.Clamp(interest8hE8 - averagePremiumE8, -clampE8, clampE8);
        long intervals = 8 * InstrumentLimits.HourMs / intervalMs;
        return Math.Clamp(perEightHours / intervals, -capE8, capE8);
    }

    public static long OfE8(Instrument instrument, long averagePremiumE8) => OfE8(
        averagePremiumE8, instrument.FundingInterestE8, instrument.FundingClampE8, instrument.FundingIntervalMs, instrument.FundingCapE8);
}

/// <summary>Weighted average of an interval's premiums, later ones weighing more: sum(i * p_i) / sum(i), kept as two sums.</summary>
public struct PremiumAverage
{
    private Int128 _weightedSum;
    private long _count;

    public readonly long Count => _count;

    /// <summary>Truncated to 1e-8; 0 without premiums.</summary>
    public readonly long ValueE8 => _count == 0
        ? 0
        : Rounding.TruncateDiv(_weightedSum * 2, (Int128)_count * (_count + 1));

    public void Add(long premiumE8)
    {
        _count++;
        _weightedSum += (Int128)_count * premiumE8;
    }

    internal readonly void Write(Wire.SnapshotWriter writer)
    {
        writer.Write(_weightedSum);
        writer.Write(_count);
    }

    internal static PremiumAverage Read(Wire.SnapshotReader reader) => new() { _weightedSum = reader.ReadInt128(), _count = reader.ReadInt64() };

    internal readonly void AddTo(ref StateHasher hasher)
    {
        hasher.Add(_weightedSum);
        hasher.Add(_count);
    }
}
