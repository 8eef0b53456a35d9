using Exchange.Core.Feed;
using Exchange.Core.MarketData;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Wire;

namespace Exchange.Core.Views;

/// <summary>What the views keep of one symbol: depth, trades, 24 h statistics, candles, mark. One lock guards it all.</summary>
public sealed class SymbolMarket
{
    private static readonly uint Tag = SnapshotTag.Of("MRKT");

    private readonly int _symbol;
    private readonly DepthSide _bids = new(Side.Buy);
    private readonly DepthSide _asks = new(Side.Sell);
    private readonly NumberedRing<StoredTrade> _trades;
    private readonly NumberedRing<StoredLiquidation> _liquidations;
    private readonly Ticker _ticker;
    private readonly Candles _candles;
    private ulong _depthNumber;
    private long _depthTimeMs;
    private Int128 _flowLots;

    public SymbolMarket(int symbol, long unitE8, ViewLimits limits)
        : this(symbol, unitE8, limits, new Lock())
    {
    }

    private SymbolMarket(int symbol, long unitE8, ViewLimits limits, Lock gate)
    {
        _symbol = symbol;
        UnitE8 = unitE8;
        Gate = gate;
        Marks = new MarkHistory(limits);
        _trades = new(limits.TradesPerSymbol);
        _liquidations = new(limits.LiquidationsPerSymbol);
        _ticker = new Ticker(unitE8);
        _candles = new Candles(unitE8);
    }

    /// <summary>Readers hold it while they copy, the writer while it applies the symbol's events.</summary>
    public Lock Gate { get; }

    /// <summary>The mark and its history; another one is put in its place under the lock.</summary>
    public MarkHistory Marks { get; set; }

    public long UnitE8 { get; }

    public TradingState State { get; set; }

    /// <summary>What is held long, which is what is held short. One word, written without the lock: between two fills of a trade it is not even.</summary>
    public long OpenInterestLots { get; set; }

    /// <summary>Applies an event of the symbol; one that concerns an account is none of its business.</summary>
    public void Apply(in FeedEvent e)
    {
        switch (e.Kind)
        {
            case FeedKind.Level: ApplyLevel(in e); break;
            case FeedKind.Trade: ApplyTrade(in e); break;
            case FeedKind.Liquidation: ApplyLiquidation(in e); break;
            case FeedKind.Instrument: State = (TradingState)e.Reason; break;
            default: Marks.Apply(in e); break;
        }
    }

    private void ApplyLevel(in FeedEvent e)
    {
        Invariant.Holds(e.Id == _depthNumber + 1);
        _depthNumber = e.Id;
        _depthTimeMs = e.TimeMs;
        DepthSide side = e.Side == Side.Buy ? _bids : _asks;
        LevelView before = side.Best;
        side.Set(e.PriceTicks, e.Lots);
        if (side.Best != before)
            _flowLots += e.Side.Sign() * FlowOf(e.Side, before, side.Best);
    }

    /// <summary>What came to a side's best price: all of a better one, nothing but what left of a worse one, of the same the difference.</summary>
    private static Int128 FlowOf(Side side, LevelView before, LevelView now)
    {
        int order = now.Lots == 0 || before.Lots == 0
            ? now.Lots.CompareTo(before.Lots)
            : side.Sign() * now.PriceTicks.CompareTo(before.PriceTicks);
        return (order >= 0 ? now.Lots : 0) - (Int128)(order <= 0 ? before.Lots : 0);
    }

    private void ApplyTrade(in FeedEvent e)
    {
        _trades.Add(new StoredTrade
        {
            Id = e.Id, PriceTicks = e.PriceTicks, Lots = e.Lots, TimeMs = e.TimeMs, TakerSide = (int)e.Side,
            IsLiquidation = e.Has(FeedFlags.Liquidation) ? 1 : 0,
        });
        _ticker.Trade(e.TimeMs, e.PriceTicks, e.Lots, e.Side);
        _candles.Trade(e.TimeMs, e.PriceTicks, e.Lots, e.Side);
    }

    private void ApplyLiquidation(in FeedEvent e) => _liquidations.Add(new StoredLiquidation
    {
        Id = _liquidations.LastNumber + 1, BankruptcyTicks = e.PriceTicks, Lots = e.Lots, TimeMs = e.TimeMs, Side = (long)e.Side,
    });

    public void Advance(long timeMs)
    {
        _ticker.Advance(timeMs);
        _candles.Advance(timeMs);
        Marks.Advance(timeMs);
    }

    /// <summary>Tells a reader of an older one what he missed: the trades that are kept, the state, and that depth moved on.</summary>
    /// <remarks>Of depth the one change that there was; of several one, whose number says that others are missing.</remarks>
    /// <param name="before">Null: he has heard nothing, and old trades are no news.</param>
    /// <param name="sequence">Of the record that this one is of.</param>
    public void TellMissed(SymbolMarket? before, ulong sequence, FeedBuffer feed)
    {
        foreach (StoredTrade trade in before is null ? [] : _trades.After(before._trades.LastNumber))
        {
            ref FeedEvent told = ref feed.Add(FeedKind.Trade, _symbol, sequence, trade.TimeMs);
            told.Id = trade.Id;
            told.Side = (Side)trade.TakerSide;
            told.PriceTicks = trade.PriceTicks;
            told.Lots = trade.Lots;
            told.Flags = trade.IsLiquidation != 0 ? FeedFlags.Liquidation : FeedFlags.None;
        }

        if (State != before?.State)
            feed.Add(FeedKind.Instrument, _symbol, sequence, _depthTimeMs).Reason = (byte)State;
        if (_depthNumber != (before?._depthNumber ?? 0) && (ChangedSince(before) ?? _bids.Any ?? _asks.Any) is { } level)
        {
            ref FeedEvent told = ref feed.Add(FeedKind.Level, _symbol, sequence, _depthTimeMs);
            told.Id = _depthNumber;
            (told.Side, told.PriceTicks, told.Lots) = level;
        }
    }

    private (Side Side, long PriceTicks, long Lots)? ChangedSince(SymbolMarket? before) =>
        before is null ? null : _bids.FirstChange(before._bids) ?? _asks.FirstChange(before._asks);

    public DepthView Depth(int levels) => new(_symbol, _depthNumber, _depthTimeMs, _bids.Copy(levels), _asks.Copy(levels)) { FlowLots = _flowLots };

    /// <summary>When the oldest trade kept was; null: none is missing.</summary>
    public long? TradesBeginMs => _trades.FirstNumber > 1 ? StoredTrade.View(_trades.Oldest).TimeMs : null;

    /// <summary>The same of candles.</summary>
    public long? CandlesBeginMs(CandlePrice of, CandleInterval interval) =>
        of == CandlePrice.Trade ? _candles.BeginMs(interval) : Marks.CandlesBeginMs(of, interval);

    public Page<TradeView> Trades(ulong before, int limit) => _trades.Read(before, limit, StoredTrade.View);

    public Page<FundingView> Fundings(ulong before, int limit) => Marks.Fundings(before, limit);

    public LiquidationView[] Liquidations(int limit) => _liquidations.Read(0, limit, StoredLiquidation.View).Items;

    public int ReadCandles(CandlePrice of, CandleInterval interval, long fromMs, long toMs, Span<Candle> into) =>
        of == CandlePrice.Trade ? _candles.Read(interval, fromMs, toMs, into) : Marks.ReadCandles(of, interval, fromMs, toMs, into);

    public TickerView TickerAt(long timeMs)
    {
        TickerStatistics day = _ticker.Statistics;
        LevelView bid = _bids.Best;
        LevelView ask = _asks.Best;
        return new TickerView(
            _symbol, day.OpenTicks, day.HighTicks, day.LowTicks, day.LastTicks, (long)Int128.Min(day.Lots, long.MaxValue), day.QuoteE8,
            day.Trades, bid.PriceTicks, bid.Lots, ask.PriceTicks, ask.Lots, Marks.MarkTicks, Marks.IndexE8, Marks.FundingRateE8,
            Marks.NextFundingMs, timeMs);
    }

    public void Write(SnapshotWriter writer)
    {
        writer.BeginSection(Tag);
        writer.Write(UnitE8);
        writer.Write((byte)State);
        writer.Write(_depthNumber);
        writer.Write(_depthTimeMs);
        _bids.Write(writer);
        _asks.Write(writer);
        _trades.Write(writer);
        Marks.WriteMark(writer);
        _ticker.Write(writer);
        _candles.Write(writer);
        Marks.WriteFundings(writer);
        _liquidations.Write(writer);
        Marks.WriteCandles(writer);
        writer.EndSection();
    }

    public static SymbolMarket Read(SnapshotReader reader, int symbol, ViewLimits limits) =>
        Read(reader, symbol, limits, new Lock());

    /// <summary>Reads what takes this one's place: its lock, and a mark of its own to begin with.</summary>
    public SymbolMarket ReadNext(SnapshotReader reader, ViewLimits limits) => Read(reader, _symbol, limits, Gate);

    private static SymbolMarket Read(SnapshotReader reader, int symbol, ViewLimits limits, Lock gate)
    {
        reader.BeginSection(Tag);
        var market = new SymbolMarket(symbol, reader.ReadInt64(), limits, gate)
        {
            State = (TradingState)reader.ReadByte(),
            _depthNumber = reader.ReadUInt64(),
            _depthTimeMs = reader.ReadInt64(),
        };
        market._bids.Read(reader);
        market._asks.Read(reader);
        market._trades.Read(reader);
        market.Marks.ReadMark(reader);
        market._ticker.Read(reader);
        market._candles.Read(reader);
        if (!reader.IsAtEnd)   // Snapshots of before they were kept end here.
        {
            market.Marks.ReadFundings(reader);
            market._liquidations.Read(reader);
            market.Marks.ReadCandles(reader);
        }

        reader.EndSection();
        return market;
    }
}
