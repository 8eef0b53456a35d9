using Exchange.Core.Marks;
using Exchange.Core.Port;

namespace Exchange.Core.Feed;

/// <summary>What readers are told of one symbol's mark: every update, and each funding round once.</summary>
public sealed class MarkFeed(int symbol)
{
    private readonly EventTeller _teller = new(ToldParts.Markets);

    /// <summary>Id of the last round told.</summary>
    private long _round;

    /// <summary>Goes on where restored views end (<see cref="Views.MarkHistory.LastFundingRound"/>).</summary>
    public void Resume(ulong lastRound) => _round = (long)lastRound;

    /// <summary>Appends the events of an input of the mark; none if it set no mark.</summary>
    /// <param name="mark">The machine, after it.</param>
    /// <param name="sequence">Its number in the journal.</param>
    /// <param name="output">What it did.</param>
    /// <param name="feed">Appended to.</param>
    public void Build(Mark mark, ulong sequence, MarkOutput output, FeedBuffer feed)
    {
        if (!output.HasMark)
            return;
        _teller.Begin(feed, sequence, output.Mark.TimeMs);
        Tell(mark, output.Mark.Ticks, _teller);
    }

    internal void Tell(Mark mark, long markTicks, EventTeller teller)
    {
        ref FeedEvent told = ref teller.Add(FeedKind.Mark, symbol, 0);
        told.PriceTicks = markTicks;
        told.Amount = mark.IndexE8;
        told.Other = mark.PredictedFundingRateE8;
        told.Id = (ulong)mark.NextFundingMs;

        // A round comes with a mark, and the machine keeps the last one: it is told when it is another than before.
        FundingRound round = mark.LastRound;
        if (round.Id <= _round)
            return;
        _round = round.Id;
        told = ref teller.Add(FeedKind.Funding, symbol, 0);
        told.Id = (ulong)round.Id;
        told.Amount = round.RateE8;
        told.PriceTicks = round.MarkTicks;
    }
}
