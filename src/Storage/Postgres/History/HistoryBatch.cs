using Exchange.Core.Instruments;
using Exchange.Core.MarketData;
using Exchange.Core.Port;

namespace Exchange.Storage.Postgres.History;

/// <summary>Rows of history that some records of the journal led to: written in one transaction, or not at all.</summary>
public sealed class HistoryBatch
{
    /// <summary>Listed or changed.</summary>
    public List<Instrument> Instruments { get; } = [];

    /// <summary>Of <see cref="FeedKind.Trade"/>.</summary>
    public List<FeedEvent> Trades { get; } = [];

    /// <summary>Of <see cref="FeedKind.Mark"/>.</summary>
    public List<FeedEvent> Marks { get; } = [];

    /// <summary>Of <see cref="FeedKind.Funding"/>.</summary>
    public List<FeedEvent> Fundings { get; } = [];

    /// <summary>Of <see cref="FeedKind.OrderAccepted"/> and <see cref="FeedKind.OrderUpdated"/>.</summary>
    public List<FeedEvent> OrderEvents { get; } = [];

    /// <summary>Those that are over, and had trades.</summary>
    public List<CandleRow> Candles { get; } = [];

    public List<FillRow> Fills { get; } = [];

    public List<MovementView> Movements { get; } = [];

    /// <summary>As they ended.</summary>
    public List<OrderView> Orders { get; } = [];

    public int Count => Instruments.Count + Trades.Count + Marks.Count + Fundings.Count + OrderEvents.Count + Candles.Count + Fills.Count
        + Movements.Count + Orders.Count;

    public void Clear()
    {
        Instruments.Clear();
        Trades.Clear();
        Marks.Clear();
        Fundings.Clear();
        OrderEvents.Clear();
        Candles.Clear();
        Fills.Clear();
        Movements.Clear();
        Orders.Clear();
    }

    /// <summary>The times between which all its rows lie, Unix ms; null: it has none that lies in time.</summary>
    public (long FirstMs, long LastMs)? Times
    {
        get
        {
            long first = long.MaxValue;
            long last = long.MinValue;
            Include(Trades.Count, i => Trades[i].TimeMs);
            Include(Marks.Count, i => Marks[i].TimeMs);
            Include(OrderEvents.Count, i => OrderEvents[i].TimeMs);
            Include(Fills.Count, i => Fills[i].Fill.TimeMs);
            Include(Movements.Count, i => Movements[i].TimeMs);
            Include(Orders.Count, i => Orders[i].UpdatedMs);
            foreach (CandleRow row in Candles)
                (first, last) = (Math.Min(first, row.Candle.OpenTimeMs), Math.Max(last, row.Candle.OpenTimeMs));
            return first > last ? null : (first, last);

            // Rows come by time; candles of different lengths do not.
            void Include(int count, Func<int, long> timeOf)
            {
                if (count > 0)
                    (first, last) = (Math.Min(first, timeOf(0)), Math.Max(last, timeOf(count - 1)));
            }
        }
    }
}

/// <summary>A candle of a symbol.</summary>
public readonly record struct CandleRow(int Symbol, CandlePrice Of, CandleInterval Interval, Candle Candle);

/// <summary>A fill and its number over all accounts.</summary>
public readonly record struct FillRow(ulong Number, FillView Fill);
