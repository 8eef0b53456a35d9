using Exchange.Core.Feed;
using Exchange.Core.Instruments;
using Exchange.Core.Nodes;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Views;
using Exchange.Core.Wire;
using Exchange.Grains.Interfaces;

namespace Exchange.Grains.Markets;

/// <summary>One symbol at a silo, put together from what its book and its mark tell.</summary>
/// <remarks>Each batch is applied, then told, before the next one: subscribers hear the symbol in order, and readers see no less than they.</remarks>
internal sealed class MirroredSymbol
{
    private readonly int _symbol;
    private readonly ViewLimits _limits;
    private readonly Lock _turn = new();
    private readonly FeedBuffer _missed = new(64);
    private volatile SymbolMarket _market;
    private long _timeMs;

    public MirroredSymbol(Instrument instrument, ViewLimits limits)
    {
        _symbol = instrument.SymbolId;
        _limits = limits;
        _market = new SymbolMarket(_symbol, instrument.UnitE8, limits) { State = TradingState.Halted };
        Book = new SourceStanding(NodeId.Book(_symbol));
        Mark = new SourceStanding(NodeId.Mark(_symbol));
    }

    public SourceStanding Book { get; }

    public SourceStanding Mark { get; }

    public SymbolMarket Market => _market;

    /// <summary>Time of the book's last input that was heard, ms.</summary>
    public long TimeMs => Volatile.Read(ref _timeMs);

    public bool IsHeard => Book.IsHeard && Mark.IsHeard;

    /// <summary>Where a source is asked to go on.</summary>
    public MarketPlace HeardOf(SourceStanding source)
    {
        lock (_turn)
            return source.Heard;
    }

    public MarketPlace Take(MarketBatch batch, long nowMs, Action<ReadOnlySpan<FeedEvent>> tell)
    {
        SourceStanding source = batch.Source.Kind == NodeKind.Book ? Book : Mark;
        source.AtMs = nowMs;
        lock (_turn)
        {
            try
            {
                if (batch.Epoch >= source.Heard.Epoch)
                    Take(batch, source, tell);
            }
            catch (Exception)
            {
                source.Heard = default; // Whatever it was: how all stands is asked for anew.
                throw;
            }

            return source.Heard;
        }
    }

    private void Take(MarketBatch batch, SourceStanding source, Action<ReadOnlySpan<FeedEvent>> tell)
    {
        if (batch.IsSnapshot)
        {
            TakeSnapshot(batch, source, tell);
            return;
        }

        foreach (MarketSegment segment in batch.Segments)
        {
            if (source.Heard.Epoch == 0 || segment.After > source.Heard.Sequence)
                return; // The answer says what is missing.
            if (segment.Through > source.Heard.Sequence)
                Take(segment, batch.Epoch, source, tell);
        }

        source.Heard = source.Heard with { Epoch = batch.Epoch };
    }

    private void Take(MarketSegment segment, ulong epoch, SourceStanding source, Action<ReadOnlySpan<FeedEvent>> tell)
    {
        ReadOnlySpan<FeedEvent> events = segment.Events;
        int known = 0;
        while (known < events.Length && events[known].Sequence <= source.Heard.Sequence)
            known++;
        events = events[known..];
        lock (_market.Gate)
        {
            foreach (ref readonly FeedEvent e in events)
                _market.Apply(in e);
            if (source == Book)
                Advance(_market, segment);
        }

        source.Heard = new MarketPlace(epoch, segment.Through);
        if (!events.IsEmpty)
            tell(events);
    }

    private void TakeSnapshot(MarketBatch batch, SourceStanding source, Action<ReadOnlySpan<FeedEvent>> tell)
    {
        MarketSegment now = batch.Segments[0];
        if (batch.Epoch == source.Heard.Epoch && now.Through <= source.Heard.Sequence)
            return;
        bool isFirst = !source.IsHeard;
        var reader = new SnapshotReader(batch.State);
        _missed.Clear();
        if (source == Book)
            TakeBook(reader, now, isFirst);
        else
            TakeMark(reader, now, isFirst);
        source.Heard = new MarketPlace(batch.Epoch, now.Through);
        if (_missed.Count != 0)
            tell(_missed.Events);
    }

    private void TakeBook(SnapshotReader reader, MarketSegment now, bool isFirst)
    {
        if (!reader.ReadBool())
            return;
        SymbolMarket before = _market;
        reader.ReadInt64();
        SymbolMarket next = before.ReadNext(reader, _limits);
        lock (before.Gate)
        {
            next.Marks = before.Marks;
            Advance(next, now);
            _market = next;
        }

        next.TellMissed(isFirst ? null : before, now.Through, _missed);
    }

    private void TakeMark(SnapshotReader reader, MarketSegment now, bool isFirst)
    {
        reader.ReadInt64();
        var next = new MarkHistory(_limits);
        next.Read(reader);
        SymbolMarket market = _market;
        MarkHistory before = market.Marks;
        lock (market.Gate)
            market.Marks = next;
        next.TellMissed(isFirst ? null : before, _symbol, now.Through, now.TimeMs, _missed);
    }

    private void Advance(SymbolMarket market, MarketSegment to)
    {
        market.OpenInterestLots = to.Held;
        market.Advance(to.TimeMs);
        Volatile.Write(ref _timeMs, to.TimeMs);
    }
}
