using Exchange.Core.Books;
using Exchange.Core.Feed;
using Exchange.Core.Nodes;
using Exchange.Core.Port;
using Exchange.Core.Views;
using Exchange.Core.Wire;

namespace Exchange.Grains.Markets;

/// <summary>A book's trades, levels, candles and statistics, beside the book.</summary>
/// <param name="book">Null until it is listed.</param>
internal sealed class BookMarket(int symbol, ViewLimits limits, Func<OrderBook?> book) : MarketSource, IBookObserver
{
    private readonly BookFeed _feed = new(symbol);
    private SymbolMarket? _market;
    private long _timeMs;
    private long _trades;

    public override long TimeMs => _timeMs;

    public override long Held => _feed.OpenInterestLots;

    public override long Trades => _trades;

    void IBookObserver.OnInput(OrderBook book, ulong sequence, in BookInput input, BookOutput output)
    {
        int known = Made.Count;
        _feed.Build(book, sequence, output, Made);
        Apply(book, known);
    }

    void IBookObserver.OnInstrument(OrderBook book, ulong sequence)
    {
        int known = Made.Count;
        _feed.BuildInstrument(book, sequence, Made);
        Apply(book, known);
    }

    public override void Write(SnapshotWriter writer)
    {
        writer.Write(_market is not null);
        writer.Write(_timeMs);
        _market?.Write(writer);
    }

    public override void Read(SnapshotReader reader)
    {
        bool isListed = reader.ReadBool();
        _timeMs = reader.ReadInt64();
        if (!isListed)
            return;
        _market = SymbolMarket.Read(reader, symbol, limits);
        _feed.Resume(book()!, _market.Depth(int.MaxValue));
    }

    private void Apply(OrderBook book, int known)
    {
        _market ??= new SymbolMarket(symbol, book.Instrument.UnitE8, limits);
        foreach (ref readonly FeedEvent e in Made.Events[known..])
        {
            _trades += e.Kind == FeedKind.Trade ? 1 : 0;
            _market.Apply(in e);
        }

        if (book.TimeMs == _timeMs)
            return;
        _timeMs = book.TimeMs;
        _market.Advance(_timeMs);
    }
}
