using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.MarketData;
using Exchange.Core.Port;
using Exchange.Core.Views;
using Exchange.Storage.Postgres.History;

namespace Exchange.Embedded.History;

/// <summary>Turns what is carried out again into rows of history.</summary>
/// <remarks>
/// A candle is a row once it is over: when the symbol trades behind its end, or at the latest when a batch ends behind it. So each is
/// written once, whichever batches the same records are cut into.
/// </remarks>
internal sealed class HistoryRows : IVenueReader, IRowObserver
{
    private readonly VenueViews _views;
    /// <summary>By symbol, then by price.</summary>
    private readonly List<OpenBars[]> _bars = [];

    /// <param name="views">As restored; from now on they are told only what this is told.</param>
    public HistoryRows(VenueViews views)
    {
        _views = views;
        views.Observer = this;
        for (int symbol = 0; symbol < views.SymbolCount; symbol++)
            Resume(symbol);
    }

    public HistoryBatch Batch { get; } = new();

    /// <summary>All records that the batch is of were told.</summary>
    public void End()
    {
        for (int symbol = 0; symbol < _bars.Count; symbol++)
        {
            foreach (CandlePrice of in Enum.GetValues<CandlePrice>())
                CloseBars(symbol, of, _views.TimeMs);
        }
    }

    void IVenueReader.OnInput(in Command command, Instrument? listing, ulong sequence, ReadOnlySpan<FeedEvent> events)
    {
        if (listing is not null)
            Batch.Instruments.Add(listing);
        foreach (ref readonly FeedEvent e in events)
        {
            switch (e.Kind)
            {
                case FeedKind.Trade: AddTrade(in e); break;
                case FeedKind.Mark: AddMark(in e); break;
                case FeedKind.Funding: Batch.Fundings.Add(e); break;
                case FeedKind.OrderAccepted or FeedKind.OrderUpdated: Batch.OrderEvents.Add(e); break;
                default: break; // Levels are not kept; the rest is told as rows of accounts.
            }
        }
    }

    void IRowObserver.OnFill(ulong number, in FillView fill) => Batch.Fills.Add(new FillRow(number, fill));

    void IRowObserver.OnMovement(in MovementView movement) => Batch.Movements.Add(movement);

    void IRowObserver.OnOrderEnded(OrderView order) => Batch.Orders.Add(order);

    private void AddMark(in FeedEvent mark)
    {
        Batch.Marks.Add(mark);
        // As the machine takes them: one that is not known yet is no value.
        if (mark.PriceTicks > 0)
            NoteValue(mark.Symbol, CandlePrice.Mark, mark.TimeMs);
        if (mark.Amount > 0)
            NoteValue(mark.Symbol, CandlePrice.Index, mark.TimeMs);
    }

    private void AddTrade(in FeedEvent trade)
    {
        Batch.Trades.Add(trade);
        NoteValue(trade.Symbol, CandlePrice.Trade, trade.TimeMs);
    }

    private void NoteValue(int symbol, CandlePrice of, long timeMs)
    {
        while (_bars.Count <= symbol)
            AddBars();
        CloseBars(symbol, of, timeMs);
        _bars[symbol][(int)of].Open(timeMs);
    }

    private void CloseBars(int symbol, CandlePrice of, long timeMs)
    {
        OpenBars bars = _bars[symbol][(int)of];
        if (bars.IsDue(timeMs))
            bars.Close(timeMs, (interval, openMs) => AddCandle(symbol, of, interval, openMs));
    }

    private void AddCandle(int symbol, CandlePrice of, CandleInterval interval, long openMs)
    {
        Candle? candle = Read(symbol, of, interval, openMs);
        Invariant.Holds(candle is not null);
        Batch.Candles.Add(new CandleRow(symbol, of, interval, candle.Value));
    }

    private void AddBars() => _bars.Add([new OpenBars(CandlePrice.Trade), new OpenBars(CandlePrice.Mark), new OpenBars(CandlePrice.Index)]);

    private void Resume(int symbol)
    {
        AddBars();
        foreach (CandlePrice of in Enum.GetValues<CandlePrice>())
        {
            _bars[symbol][(int)of].Resume(interval =>
            {
                long openMs = interval.OpenTimeMs(_views.TimeMs);
                return Read(symbol, of, interval, openMs) is null ? null : openMs;
            });
        }
    }

    /// <summary>Null: it has no values.</summary>
    private Candle? Read(int symbol, CandlePrice of, CandleInterval interval, long openMs) =>
        _views.GetCandles(symbol, interval, openMs, openMs, 1, of).Items is [{ Trades: > 0 } candle] && candle.OpenTimeMs == openMs ? candle : null;
}
