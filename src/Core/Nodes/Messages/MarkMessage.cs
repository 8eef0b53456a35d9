using Exchange.Core.Marks;

namespace Exchange.Core.Nodes.Messages;

// Marks and feeds.

/// <summary>To the symbol's book and to every table of marks.</summary>
public sealed record MarkMessage(int Symbol, MarkUpdate Update) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.Mark;
}

/// <summary>An index price, 1e-8 USDT.</summary>
/// <param name="Number">Only a higher one than the last counts: an old price that comes late must not be posted.</param>
public sealed record IndexMessage(ulong Number, long IndexE8) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.Index;
}

/// <summary>What became of the index with this number.</summary>
public sealed record IndexTakenMessage(int Symbol, ulong Number, RejectReason Reason) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.IndexTaken;
}

/// <summary>The operator sets the mark by hand: it holds until the next one is computed, which without an index is never.</summary>
/// <param name="Number">Of what is done by hand, with <see cref="SettleFundingMessage"/>; only a higher one than the last counts.</param>
public sealed record SetMarkMessage(ulong Number, long Ticks) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.SetMark;
}

/// <summary>The operator has a funding round paid now, at a rate in 1e-8 and the mark there is.</summary>
/// <param name="Number">As of <see cref="SetMarkMessage"/>.</param>
public sealed record SettleFundingMessage(ulong Number, long RateE8) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.SettleFunding;
}

/// <summary>What became of the last thing done by hand.</summary>
public sealed record HandTakenMessage(int Symbol, ulong Number, RejectReason Reason) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.HandTaken;
}

/// <summary>The book's state of one second; its time is the Mark's to give.</summary>
public sealed record SampleMessage(ulong Number, long BidTicks, long AskTicks, long LastTicks, bool HasImpact, ImpactDepth ImpactBid, ImpactDepth ImpactAsk)
    : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.Sample;
}

public sealed record FundingRoundMessage(FundingRound Round) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.FundingRound;
}

public sealed record FundingRoundTakenMessage(long RoundId) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.FundingRoundTaken;
}

public sealed record RangeMessage(PriceRange Range) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.Range;
}

/// <summary>The range with this (epoch, number), or a newer one, is durable.</summary>
public sealed record RangeTakenMessage(int Symbol, uint Epoch, ulong Number) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.RangeTaken;
}

/// <param name="Range">The registration that the mark has left.</param>
public sealed record WakeMessage(int Symbol, MarkUpdate Update, PriceRange Range) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.Wake;
}
