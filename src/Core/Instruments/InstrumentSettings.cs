using Exchange.Core.Units;

namespace Exchange.Core.Instruments;

/// <summary>Settings of a symbol as an operator gives them; <see cref="Instrument.Create"/> judges them.</summary>
/// <remarks>Money, tick, lot and rates in 1e-8; prices in ticks, quantities in lots.</remarks>
public sealed record InstrumentSettings
{
    public required string Symbol { get; init; }

    /// <summary>Size of one tick in USDT, and of one lot in the base asset.</summary>
    public required long TickE8 { get; init; }
    public required long LotE8 { get; init; }

    /// <summary>Fee rates; a negative one is a rebate.</summary>
    public required long MakerRateE8 { get; init; }
    public required long TakerRateE8 { get; init; }
    public required long LiquidationFeeRateE8 { get; init; }

    /// <summary>A buy may cost at most reference * up, a sell at least reference * down: 1.05 is 105,000,000.</summary>
    public required long BandUpE8 { get; init; }
    public required long BandDownE8 { get; init; }

    /// <summary>How far from the mark a market order may trade: 0.02 is 2,000,000.</summary>
    public required long MarketBoundE8 { get; init; }

    public required long MinLots { get; init; }
    public required long MaxLots { get; init; }
    public required long MinNotionalE8 { get; init; }

    /// <summary>Highest price an order may name.</summary>
    public long MaxPriceTicks { get; init; } = InstrumentLimits.MaxPriceTicks;

    /// <summary>Largest position; 0: what the listing rule allows beside <see cref="MaxPriceTicks"/>.</summary>
    public long MaxPositionLots { get; init; }

    /// <summary>Open orders of one account in the symbol, conditional ones included.</summary>
    public int MaxOrders { get; init; } = InstrumentLimits.DefaultMaxOrders;

    /// <summary>Largest distance of mark and last, as a part of the mark, at which a protected stop fires; 0: no protection.</summary>
    public long TriggerProtectE8 { get; init; }

    /// <summary>Interest per 8 hours.</summary>
    public long FundingInterestE8 { get; init; } = 10_000;

    /// <summary>How much of the premium the interest may absorb.</summary>
    public long FundingClampE8 { get; init; } = 50_000;

    public long FundingCapE8 { get; init; } = 2_000_000;

    /// <summary>1, 2, 4 or 8 hours, in ms.</summary>
    public long FundingIntervalMs { get; init; } = 8 * InstrumentLimits.HourMs;

    /// <summary>Index used until a real one is posted, for a venue without a feed; 0: none.</summary>
    public long FixedIndexTicks { get; init; }

    /// <summary>By rising cap.</summary>
    public required IReadOnlyList<BracketSettings> Brackets { get; init; }
}

/// <summary>Bounds of every instrument (docs/rules/units.md): within them no product leaves 128 bits.</summary>
public static class InstrumentLimits
{
    public const long HourMs = 3_600_000;
    public const long MaxPriceTicks = 1_000_000_000_000;
    public const long MaxLots = 1_000_000_000_000;
    public const long MaxMoneyE8 = 9_000_000_000_000_000_000;
    public const long MaxRateE8 = Rounding.OneE8;
    public const long MaxBandE8 = 10 * Rounding.OneE8;
    public const int MaxLeverage = 125;
    public const int MaxBrackets = 32;
    public const int MaxSymbolLength = 24;
    public const int DefaultMaxOrders = 200;
    public const int MaxOrders = 10_000;

    /// <summary>Impact notional of one unit of leverage: 200 USDT.</summary>
    public const long ImpactMarginE8 = 200 * Rounding.OneE8;
}
