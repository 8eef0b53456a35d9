using Exchange.Core.Feed;
using Exchange.Core.MarketData;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Wire;

namespace Exchange.Core.Views;

/// <summary>What readers are shown of a symbol's mark: where it stands, and the funding rounds. Whoever shares it takes a lock.</summary>
public sealed class MarkHistory(ViewLimits limits)
{
    private static readonly uint Tag = SnapshotTag.Of("MRKH");
    private readonly NumberedRing<StoredFunding> _fundings = new(limits.FundingsPerSymbol);

    /// <summary>Candles of what was told, without quantities.</summary>
    private readonly Candles _marks = new(0, Limits.PriceCandlesPerInterval);

    /// <summary>In 1e-8, not in ticks.</summary>
    private readonly Candles _indices = new(0, Limits.PriceCandlesPerInterval);

    /// <summary>0: none yet.</summary>
    public long MarkTicks { get; private set; }

    public long IndexE8 { get; private set; }

    /// <summary>As it would be if it were settled now.</summary>
    public long FundingRateE8 { get; private set; }

    public long NextFundingMs { get; private set; }

    /// <summary>Settlement time of the last funding round told; 0: none.</summary>
    public ulong LastFundingRound => _fundings.LastNumber;

    /// <summary>Applies an event of the mark; any other is none of its business.</summary>
    public void Apply(in FeedEvent e)
    {
        if (e.Kind == FeedKind.Funding)
        {
            _fundings.Add(new StoredFunding { RoundMs = e.Id, RateE8 = e.Amount, MarkTicks = e.PriceTicks });
        }
        else if (e.Kind == FeedKind.Mark)
        {
            MarkTicks = e.PriceTicks;
            IndexE8 = e.Amount;
            FundingRateE8 = e.Other;
            NextFundingMs = (long)e.Id;
            if (MarkTicks > 0)
                _marks.Trade(e.TimeMs, MarkTicks, 0, Side.Buy);
            if (IndexE8 > 0)
                _indices.Trade(e.TimeMs, IndexE8, 0, Side.Buy);
        }
    }

    /// <summary>Candles of mark or index; see <see cref="Candles.Read(CandleInterval, long, long, Span{Candle})"/>.</summary>
    public int ReadCandles(CandlePrice of, CandleInterval interval, long fromMs, long toMs, Span<Candle> into) =>
        (of == CandlePrice.Mark ? _marks : _indices).Read(interval, fromMs, toMs, into);

    /// <summary>Moves time on: candles end also where nothing is told.</summary>
    public void Advance(long timeMs)
    {
        _marks.Advance(timeMs);
        _indices.Advance(timeMs);
    }

    /// <summary>Tells a reader of an older one what he missed: where the mark stands, and the rounds since.</summary>
    /// <param name="before">Null: he has heard nothing, and old rounds are no news.</param>
    /// <param name="sequence">Of the record that this one is of.</param>
    public void TellMissed(MarkHistory? before, int symbol, ulong sequence, long timeMs, FeedBuffer feed)
    {
        if (MarkTicks != 0)
        {
            ref FeedEvent told = ref feed.Add(FeedKind.Mark, symbol, sequence, timeMs);
            told.PriceTicks = MarkTicks;
            told.Amount = IndexE8;
            told.Other = FundingRateE8;
            told.Id = (ulong)NextFundingMs;
        }

        foreach (StoredFunding round in before is null ? [] : _fundings.After(before.LastFundingRound))
        {
            ref FeedEvent told = ref feed.Add(FeedKind.Funding, symbol, sequence, timeMs);
            told.Id = round.RoundMs;
            told.Amount = round.RateE8;
            told.PriceTicks = round.MarkTicks;
        }
    }

    /// <summary>When the oldest funding round kept was; null: none is missing.</summary>
    public long? FundingsBeginMs => _fundings.IsFull ? (long)_fundings.FirstNumber : null;

    /// <summary>When the oldest candle kept opened; null: none is missing.</summary>
    public long? CandlesBeginMs(CandlePrice of, CandleInterval interval) => (of == CandlePrice.Mark ? _marks : _indices).BeginMs(interval);

    public Page<FundingView> Fundings(ulong before, int limit) => _fundings.Read(before, limit, StoredFunding.View);

    public void Write(SnapshotWriter writer)
    {
        writer.BeginSection(Tag);
        WriteMark(writer);
        WriteFundings(writer);
        WriteCandles(writer);
        writer.EndSection();
    }

    /// <summary>Reads into a fresh one.</summary>
    public void Read(SnapshotReader reader)
    {
        reader.BeginSection(Tag);
        ReadMark(reader);
        ReadFundings(reader);
        ReadCandles(reader);
        reader.EndSection();
    }

    internal void WriteMark(SnapshotWriter writer)
    {
        writer.Write(MarkTicks);
        writer.Write(IndexE8);
        writer.Write(FundingRateE8);
        writer.Write(NextFundingMs);
    }

    internal void ReadMark(SnapshotReader reader)
    {
        MarkTicks = reader.ReadInt64();
        IndexE8 = reader.ReadInt64();
        FundingRateE8 = reader.ReadInt64();
        NextFundingMs = reader.ReadInt64();
    }

    internal void WriteFundings(SnapshotWriter writer) => _fundings.Write(writer);

    internal void ReadFundings(SnapshotReader reader) => _fundings.Read(reader);

    internal void WriteCandles(SnapshotWriter writer)
    {
        _marks.Write(writer);
        _indices.Write(writer);
    }

    internal void ReadCandles(SnapshotReader reader)
    {
        if (reader.IsAtEnd)
            return;   // Snapshots of before they were kept end here.
        _marks.Read(reader);
        _indices.Read(reader);
    }
}
