using System.Runtime.InteropServices;
using Exchange.Core.Orders;

namespace Exchange.Core.Marks;

/// <summary>What a <see cref="Mark"/> can be told.</summary>
public enum MarkInputKind : byte
{
    None = 0,

    /// <summary>The index price, as the venue's sources or an operator give it.</summary>
    Index = 1,

    /// <summary>The book's state of this second.</summary>
    Sample = 2,
    Time = 3,

    /// <summary>What the symbol takes; funding waits while it is halted.</summary>
    State = 4,

    /// <summary>An account's price range, or that it watches no more.</summary>
    Range = 5,

    /// <summary>The mark, set by hand; it stays until it is computed again.</summary>
    Set = 6,

    /// <summary>A funding round by hand, at a rate and the mark there is.</summary>
    Round = 7,
}

/// <summary>One input of a <see cref="Mark"/>: blittable, journaled as it stands; fields a kind does not name are zero.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct MarkInput
{
    /// <summary>Stamped by the host, not before the last one's.</summary>
    public long TimeMs;

    public MarkInputKind Kind;
    public TradingState State;

    /// <summary>Sample: impact depths are given (every five seconds).</summary>
    public bool HasImpact;

    /// <summary>Index: in 1e-8 USDT; need not be on a tick.</summary>
    public long IndexE8;

    /// <summary>Sample: counts up; each number is used once.</summary>
    public ulong SampleNumber;

    /// <summary>Sample: best bid, best ask and last price; 0: none.</summary>
    public long BidTicks;
    public long AskTicks;
    public long LastTicks;

    public ImpactDepth ImpactBid;
    public ImpactDepth ImpactAsk;

    public PriceRange Range;

    /// <summary>Set: the mark.</summary>
    public long MarkTicks;

    /// <summary>Round: in 1e-8.</summary>
    public long RateE8;
}
