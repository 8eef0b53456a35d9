using System.Runtime.InteropServices;
using Exchange.Core.Accounts;
using Exchange.Core.Books;
using Exchange.Core.Orders;
using Exchange.Core.Replay;

namespace Exchange.Core;

/// <summary>What kind of thing an <see cref="EngineEvent"/> is.</summary>
public enum EngineEventKind : byte
{
    None = 0,

    /// <summary>An event of a book with what it did to its account.</summary>
    Book = 1,

    /// <summary>Money in or out of a wallet other than by a book: Book.Amount, Change.WalletE8 after; Book.Reason unused.</summary>
    Deposit = 2,
    Withdrawal = 3,
    MarginMoved = 4,

    /// <summary>The fund paid a debt: Book.Amount into the wallet.</summary>
    BadDebt = 5,

    /// <summary>The rounding of a funding round: Book.Amount into the fund.</summary>
    FundingRemainder = 6,

    /// <summary>A symbol's mark changed: Book.PriceTicks.</summary>
    Mark = 7,

    /// <summary>A setting of the account in the symbol changed.</summary>
    Setting = 8,

    /// <summary>An instrument was listed or its state changed.</summary>
    Instrument = 9,

    /// <summary>An account was made.</summary>
    Account = 10,
}

/// <summary>One thing that happened, in the order it happened over all machines.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct EngineEvent
{
    public EngineEventKind Kind;
    public int Symbol;
    public BookEvent Book;
    public AccountChange Change;

    /// <summary>Money went in or out of the wallet, or between it and the margin of the position of <see cref="Symbol"/>.</summary>
    internal void SetMoved(MarginAccount account, PositionSide side, long walletBeforeE8)
    {
        Book.PositionSide = side;
        Book.Amount = account.WalletE8 - walletBeforeE8;
        Change.WalletDeltaE8 = Book.Amount;
        Change.WalletE8 = account.WalletE8;
        if (Kind != EngineEventKind.MarginMoved)
            return;
        PositionLeg position = account.PositionOf(Symbol, side.Leg());
        Change.PositionLots = position.Lots;
        Change.CostE8 = position.CostE8;
        Change.IsolatedE8 = position.IsolatedE8;
        Change.IsPositionChanged = true;
    }
}

/// <summary>The order that a repeated client order id names, as it stands.</summary>
public struct OrderOutcome
{
    public OpenOrder Order;
    public OrderStatus Status;
    public EndReason Reason;
}

/// <summary>A level whose total changed: 0 lots is gone.</summary>
public readonly record struct LevelChange(int Symbol, Side Side, long PriceTicks, long Lots)
{
    /// <summary>A level as it is.</summary>
    internal static LevelChange Of(OrderBook book, long priceTicks)
    {
        long lots = book.LevelLots(priceTicks, out Side side);
        return new LevelChange(book.Instrument.SymbolId, side, priceTicks, lots);
    }
}

/// <summary>What one input of the engine did; reused, so read it before the next.</summary>
public sealed class EngineOutput
{
    private EngineEvent[] _events = new EngineEvent[256];
    private LevelChange[] _levels = new LevelChange[256];

    public RejectReason Reason { get; internal set; }

    /// <summary>With a refusal: what would have passed, as <see cref="Port.CommandReply.LimitValue"/> says; 0: no one number does.</summary>
    public long LimitValue { get; internal set; }

    /// <summary>The order concerned; 0: none.</summary>
    public ulong OrderId { get; internal set; }

    /// <summary>Of a repeat only: what other commands did is in <see cref="Events"/>, and stale here.</summary>
    public OrderOutcome Outcome { get; internal set; }

    /// <summary>A repeat of a client order id: <see cref="Outcome"/> is the first order as it stands.</summary>
    public bool IsRepeat { get; internal set; }

    /// <summary>How much of the engine it took: goes into the journal, for recovery.</summary>
    public InputCourse Course { get; internal set; }

    public int EventCount { get; private set; }

    public int LevelCount { get; private set; }

    public ReadOnlySpan<EngineEvent> Events => _events.AsSpan(0, EventCount);

    public ReadOnlySpan<LevelChange> Levels => _levels.AsSpan(0, LevelCount);

    internal void Clear()
    {
        Reason = RejectReason.None;
        LimitValue = 0;
        OrderId = 0;
        IsRepeat = false;
        EventCount = 0;
        LevelCount = 0;
    }

    /// <summary>The next event's place; its contents are stale.</summary>
    internal ref EngineEvent Add()
    {
        if (EventCount == _events.Length)
            Array.Resize(ref _events, EventCount * 2);
        return ref _events[EventCount++];
    }

    internal void AddLevel(LevelChange change)
    {
        if (LevelCount == _levels.Length)
            Array.Resize(ref _levels, LevelCount * 2);
        _levels[LevelCount++] = change;
    }
}
