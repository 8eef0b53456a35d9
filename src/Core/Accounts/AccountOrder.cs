using System.Runtime.InteropServices;
using Exchange.Core.Orders;

namespace Exchange.Core.Accounts;

/// <summary>An open order as its account needs it: what it reserves and what it could lose. One cache line.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct AccountOrder
{
    /// <summary>Limit price; of a MARKET order the worst price it was checked with; 0 for conditional market types.</summary>
    public long PriceTicks;
    public long FilledLots;
    public long LeavesLots;

    /// <summary>The price its margin is reserved at, fixed at acceptance and at an amend of the price.</summary>
    public long ReserveTicks;

    /// <summary>What it counts in its symbol's sums: its own, or while amends are in flight the largest of old and new.</summary>
    public Int128 CountedE8;
    public long CountedLots;

    public Side Side;
    public OrderType Type;
    public PositionSide PositionSide;
    public OrderFlags Flags;
    public bool IsWaiting;

    /// <summary>Amends in flight.</summary>
    public ushort Amends;

    public readonly long TotalLots => FilledLots + LeavesLots;

    public readonly bool IsReducing => OrderRules.IsReducing(Flags, Side, PositionSide);

    /// <summary>A conditional market type: its worst price is the protection price of the mark of the moment.</summary>
    public readonly bool FollowsMark => Type.IsMarketType() && Type != OrderType.Market;

    /// <summary>It can only lose against the mark once it may trade: an untriggered reducing order cannot.</summary>
    public readonly bool CanLose => !(IsWaiting && IsReducing);
}

/// <summary>A command sent to a book and not answered yet, with what it holds.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct InFlight
{
    /// <summary>As the book's events name it: <see cref="Books.BookInput.CommandKey"/>.</summary>
    public ulong Key;

    /// <summary>Amend: the order meant. Place: the id once accepted.</summary>
    public ulong OrderId;
    public ClientKey ClientKey;

    /// <summary>Fee and open loss that check 15 compared, held until the answer is applied.</summary>
    public Int128 HoldE8;

    /// <summary>Place: the order; its sums are counted here until it is accepted.</summary>
    public AccountOrder Order;
    public bool IsPlace;
    public bool IsAccepted;
}
