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
    private readonly NumberedRing<StoredFunding> _fundings;
    private readonly NumberedRing<StoredLiquidation> _liquidations;
    private readonly Ticker _ticker;
    private readonly Candles _candles;
    private ulong _depthNumber;
    private long _depthTimeMs;
    private long _markTicks;
    private long _indexE8;
    private long _fundingRateE8;
    private long _nextFundingMs;

    public SymbolMarket(int symbol, long unitE8, ViewLimits limits)
    {
        _symbol = symbol;
        UnitE8 = unitE8;
        _trades = new(limits.TradesPerSymbol);
        _fundings = new(limits.FundingsPerSymbol);
        _liquidations = new(limits.LiquidationsPerSymbol);
        _ticker = new Ticker(unitE8);
        _candles = new Candles(unitE8);
    }

    /// <summary>Readers hold it while they copy, the writer while it applies the symbol's events.</summary>
    public Lock Gate { get; } = new();

    public long UnitE8 { get; }

    public TradingState State { get; set; }

    /// <summary>What is held long, which is what is held short. One word, written without the lock: between two fills of a trade it is not even.</summary>
    public long OpenInterestLots { get; set; }

    /// <summary>Settlement time of the last funding round told; 0: none.</summary>
    public ulong LastFundingRound => _fundings.LastNumber;

    public void ApplyLevel(in FeedEvent e)
    {
        Invariant.Holds(e.Id == _depthNumber + 1);
        _depthNumber = e.Id;
        _depthTimeMs = e.TimeMs;
        (e.Side == Side.Buy ? _bids : _asks).Set(e.PriceTicks, e.Lots);
    }

    public void ApplyTrade(in FeedEvent e, bool isLiquidation)
    {
        _trades.Add(new StoredTrade
        {
            Id = e.Id, PriceTicks = e.PriceTicks, Lots = e.Lots, TimeMs = e.TimeMs, TakerSide = (int)e.Side, IsLiquidation = isLiquidation ? 1 : 0,
        });
        _ticker.Trade(e.TimeMs, e.PriceTicks, e.Lots, e.Side);
        _candles.Trade(e.TimeMs, e.PriceTicks, e.Lots, e.Side);
    }

    public void ApplyMark(in FeedEvent e)
    {
        _markTicks = e.PriceTicks;
        _indexE8 = e.Amount;
        _fundingRateE8 = e.Other;
        _nextFundingMs = (long)e.Id;
    }

    public void ApplyFunding(in FeedEvent e) =>
        _fundings.Add(new StoredFunding { RoundMs = e.Id, RateE8 = e.Amount, MarkTicks = e.PriceTicks });

    public void ApplyLiquidation(in FeedEvent e) => _liquidations.Add(new StoredLiquidation
    {
        Id = _liquidations.LastNumber + 1, BankruptcyTicks = e.PriceTicks, Lots = e.Lots, TimeMs = e.TimeMs, Side = (long)e.Side,
    });

    public void Advance(long timeMs)
    {
        _ticker.Advance(timeMs);
        _candles.Advance(timeMs);
    }

    public DepthView Depth(int levels) => new(_symbol, _depthNumber, _depthTimeMs, _bids.Copy(levels), _asks.Copy(levels));

    public Page<TradeView> Trades(ulong before, int limit) => _trades.Read(before, limit, StoredTrade.View);

    public Page<FundingView> Fundings(ulong before, int limit) => _fundings.Read(before, limit, StoredFunding.View);

    public LiquidationView[] Liquidations(int limit) => _liquidations.Read(0, limit, StoredLiquidation.View).Items;

    public int ReadCandles(CandleInterval interval, long fromMs, long toMs, Span<Candle> into) =>
        _candles.Read(interval, fromMs, toMs, into);

    public TickerView TickerAt(long timeMs)
    {
        TickerStatistics day = _ticker.Statistics;
        LevelView bid = _bids.Best;
        LevelView ask = _asks.Best;
        return new TickerView(
            _symbol, day.OpenTicks, day.HighTicks, day.LowTicks, day.LastTicks, (long)Int128.Min(day.Lots, long.MaxValue), day.QuoteE8,
            day.Trades, bid.PriceTicks, bid.Lots, ask.PriceTicks, ask.Lots, _markTicks, _indexE8, _fundingRateE8, _nextFundingMs, timeMs);
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
        writer.Write(_markTicks);
        writer.Write(_indexE8);
        writer.Write(_fundingRateE8);
        writer.Write(_nextFundingMs);
        _ticker.Write(writer);
        _candles.Write(writer);
        _fundings.Write(writer);
        _liquidations.Write(writer);
        writer.EndSection();
    }

    public static SymbolMarket Read(SnapshotReader reader, int symbol, ViewLimits limits)
    {
        reader.BeginSection(Tag);
        var market = new SymbolMarket(symbol, reader.ReadInt64(), limits)
        {
            State = (TradingState)reader.ReadByte(),
            _depthNumber = reader.ReadUInt64(),
            _depthTimeMs = reader.ReadInt64(),
        };
        market._bids.Read(reader);
        market._asks.Read(reader);
        market._trades.Read(reader);
        market._markTicks = reader.ReadInt64();
        market._indexE8 = reader.ReadInt64();
        market._fundingRateE8 = reader.ReadInt64();
        market._nextFundingMs = reader.ReadInt64();
        market._ticker.Read(reader);
        market._candles.Read(reader);
        if (!reader.IsAtEnd)   // Snapshots of before they were kept end here.
        {
            market._fundings.Read(reader);
            market._liquidations.Read(reader);
        }

        reader.EndSection();
        return market;
    }
}
