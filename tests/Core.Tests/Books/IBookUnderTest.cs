using Exchange.Core.Books;
using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Books;

/// <summary>What a rule test may ask of a book, fast or naive.</summary>
internal interface IBookUnderTest
{
    long MarkTicks { get; }

    /// <summary>0: no trade yet.</summary>
    long LastTicks { get; }

    BookResult Apply(BookInput input);

    /// <summary>Resting orders of one side, best level first.</summary>
    IReadOnlyList<BookLevel> Levels(Side side);

    /// <summary>Ids of one side's resting orders in the order they would be matched.</summary>
    IReadOnlyList<ulong> QueueIds(Side side);

    /// <summary>All open orders, waiting ones too, by id.</summary>
    IReadOnlyList<OpenOrder> OpenOrders(uint account);

    /// <summary>Signed lots of the net position and long leg (0) or the short leg (1).</summary>
    long PositionLots(uint account, int leg);

    long CostE8(uint account, int leg);

    /// <summary>The account's events that are not acknowledged yet.</summary>
    IReadOnlyList<BookEvent> Unacknowledged(uint account);

    /// <summary>The account's recent client ids, oldest first.</summary>
    IReadOnlyList<RememberedOrder> ClientIds(uint account);

    /// <summary>Number of the account's latest event.</summary>
    ulong LastNumber(uint account);
}

/// <summary>A price with the sum of what rests there.</summary>
internal readonly record struct BookLevel(long PriceTicks, long Lots);

/// <summary>What one input produced, copied out of the book.</summary>
internal sealed class BookResult
{
    public CommandOutcome Outcome { get; set; }

    public bool IsRepeat { get; set; }

    public List<BookEvent> Events { get; } = [];

    public long SpentE8 { get; set; }

    public long EarnedE8 { get; set; }

    public bool RoundIsDone { get; set; }

    public long FundingRemainderE8 { get; set; }
}
