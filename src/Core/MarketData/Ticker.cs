using Exchange.Core.Orders;
using Exchange.Core.Units;
using Exchange.Core.Wire;

namespace Exchange.Core.MarketData;

/// <summary>A symbol's statistics of the last 24 hours, by whole minutes.</summary>
/// <remarks>
/// Derived: rebuilt from trades, decides nothing. The window is the 1440 minutes up to the end of the present one. A trade
/// costs a few additions; a new minute one look over the ring. Rules: docs/rules/market-data.md 9.1.
/// </remarks>
public sealed class Ticker(long unitE8)
{
    public const int WindowMinutes = 1_440;
    private const long MinuteMs = 60_000;
    private static readonly uint Tag = SnapshotTag.Of("TICK");

    private readonly Candle[] _minutes = new Candle[WindowMinutes];
    private Candle _window;
    private long _minute;
    private long _lastTicks;

    /// <summary>Statistics as of the latest time seen.</summary>
    public TickerStatistics Statistics => new()
    {
        OpenTimeMs = Math.Max(0, (_minute + 1 - WindowMinutes) * MinuteMs),
        CloseTimeMs = (_minute + 1) * MinuteMs - 1,
        LastTicks = _lastTicks,
        OpenTicks = _window.Trades > 0 ? _window.OpenTicks : _lastTicks,
        HighTicks = _window.Trades > 0 ? _window.HighTicks : _lastTicks,
        LowTicks = _window.Trades > 0 ? _window.LowTicks : _lastTicks,
        Lots = _window.Lots,
        QuoteE8 = _window.QuoteE8,
        Trades = _window.Trades,
    };

    /// <summary>Moves time on; an earlier time counts as the latest seen.</summary>
    public void Advance(long timeMs)
    {
        long minute = timeMs / MinuteMs;
        if (minute <= _minute)
            return;

        long over = Math.Min(minute - _minute, WindowMinutes);
        for (long passed = 1; passed <= over; passed++)
            _minutes[(_minute + passed) % WindowMinutes] = default;
        _minute = minute;
        _window = default;
        for (long passed = WindowMinutes - 1; passed >= 0; passed--)
            AddToWindow(minute - passed);
    }

    /// <summary>Takes a trade of the book (a liquidation's too; auto-deleveraging is none).</summary>
    public void Trade(long timeMs, long priceTicks, long lots, Side takerSide)
    {
        Advance(timeMs);
        Int128 quoteE8 = (Int128)priceTicks * lots * unitE8;
        _minutes[_minute % WindowMinutes].Add(priceTicks, lots, quoteE8, takerSide);
        _window.Add(priceTicks, lots, quoteE8, takerSide);
        _lastTicks = priceTicks;
    }

    public void Write(SnapshotWriter writer)
    {
        writer.BeginSection(Tag);
        writer.Write(_minute);
        writer.Write(_lastTicks);
        writer.WriteStructs<Candle>(_minutes);
        writer.EndSection();
    }

    /// <summary>Restores into a fresh object of the same unit.</summary>
    public void Read(SnapshotReader reader)
    {
        reader.BeginSection(Tag);
        _minute = reader.ReadInt64();
        _lastTicks = reader.ReadInt64();
        if (reader.ReadStructs<Candle>(_minutes) != WindowMinutes)
            throw new SnapshotException("A ticker's ring of another size.");
        reader.EndSection();
        _window = default;
        for (long passed = WindowMinutes - 1; passed >= 0; passed--)
            AddToWindow(_minute - passed);
    }

    public void AddTo(ref StateHasher hasher)
    {
        hasher.Add(_minute);
        hasher.Add(_lastTicks);
        hasher.AddStructs<Candle>(_minutes);
    }

    private void AddToWindow(long minute)
    {
        if (minute >= 0 && _minutes[minute % WindowMinutes] is { Trades: > 0 } candle)
            _window.Add(candle);
    }
}

/// <summary>24 h statistics of a symbol: prices in ticks, quantities in lots. Without a trade in it, prices are the last one.</summary>
public readonly record struct TickerStatistics
{
    /// <summary>First and last millisecond of the window.</summary>
    public long OpenTimeMs { get; init; }
    public long CloseTimeMs { get; init; }

    /// <summary>Price of the last trade ever; 0: none.</summary>
    public long LastTicks { get; init; }
    public long OpenTicks { get; init; }
    public long HighTicks { get; init; }
    public long LowTicks { get; init; }
    public Int128 Lots { get; init; }

    /// <summary>Sum of price * quantity * unit, in 1e-8 USDT.</summary>
    public Int128 QuoteE8 { get; init; }
    public long Trades { get; init; }

    public long ChangeTicks => LastTicks - OpenTicks;

    /// <summary>Change in hundredths of a percent of the open: a rise rounded half up, a fall toward zero [s-ticker].</summary>
    public long ChangePercentE2 => OpenTicks == 0 ? 0
        : ChangeTicks >= 0 ? Rounding.HalfUpDiv((Int128)ChangeTicks * 10_000, OpenTicks)
        : Rounding.TruncateDiv((Int128)ChangeTicks * 10_000, OpenTicks);
}
