using System.Runtime.InteropServices;
using Exchange.Core.Orders;

namespace Exchange.Core.MarketData;

/// <summary>What was traded in an interval: prices in ticks, quantities in lots, <see cref="QuoteE8"/> in 1e-8 USDT.</summary>
/// <remarks>Sums are 128 bits: nothing a trader sends can make a derived figure overflow. 96 bytes, no padding.</remarks>
[StructLayout(LayoutKind.Sequential)]
public struct Candle
{
    public Int128 Lots;

    /// <summary>Sum of price * quantity * unit.</summary>
    public Int128 QuoteE8;

    /// <summary>Of <see cref="Lots"/>, what buyers took; a liquidation's buyer counts.</summary>
    public Int128 TakerBuyLots;

    public long OpenTimeMs;
    public long OpenTicks;
    public long HighTicks;
    public long LowTicks;
    public long CloseTicks;

    /// <summary>Number of trades; 0: nothing was traded, all prices are the close before.</summary>
    public long Trades;

    /// <summary>An interval without trades after a close.</summary>
    public static Candle Empty(long openTimeMs, long closeTicks) => new()
    {
        OpenTimeMs = openTimeMs,
        OpenTicks = closeTicks,
        HighTicks = closeTicks,
        LowTicks = closeTicks,
        CloseTicks = closeTicks,
    };

    /// <summary>Adds one trade; the first one sets all prices.</summary>
    public void Add(long priceTicks, long lots, Int128 quoteE8, Side takerSide)
    {
        if (Trades == 0)
        {
            OpenTicks = priceTicks;
            HighTicks = priceTicks;
            LowTicks = priceTicks;
        }

        HighTicks = Math.Max(HighTicks, priceTicks);
        LowTicks = Math.Min(LowTicks, priceTicks);
        CloseTicks = priceTicks;
        Lots += lots;
        QuoteE8 += quoteE8;
        TakerBuyLots += takerSide == Side.Buy ? lots : 0;
        Trades++;
    }

    /// <summary>Adds a later candle that has trades; the open time stays.</summary>
    public void Add(in Candle later)
    {
        Invariant.Holds(later.Trades > 0);
        if (Trades == 0)
        {
            OpenTicks = later.OpenTicks;
            HighTicks = later.HighTicks;
            LowTicks = later.LowTicks;
        }

        HighTicks = Math.Max(HighTicks, later.HighTicks);
        LowTicks = Math.Min(LowTicks, later.LowTicks);
        CloseTicks = later.CloseTicks;
        Lots += later.Lots;
        QuoteE8 += later.QuoteE8;
        TakerBuyLots += later.TakerBuyLots;
        Trades += later.Trades;
    }
}
