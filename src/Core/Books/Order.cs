using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Exchange.Core.Orders;

namespace Exchange.Core.Books;

/// <summary>What matching touches of an open order: one cache line.</summary>
[StructLayout(LayoutKind.Sequential, Size = 64)]
internal struct Order
{
    public ulong Id;
    public long Leaves;
    public long PriceTicks;
    public long Filled;

    /// <summary>Neighbours in the level's queue. Of a free slot: the next free one.</summary>
    public int Next;
    public int Previous;

    /// <summary>Handle of its level; <see cref="LevelTable.None"/> while it is not on the book.</summary>
    public int Level;
    public int AccountSlot;

    /// <summary>Its place among its account's open orders.</summary>
    public int AccountPlace;

    /// <summary>The next order of its bucket in the index by id.</summary>
    public int BucketNext;
    public Side Side;
    public OrderType Type;
    public TimeInForce TimeInForce;
    public SelfTradePrevention Stp;
    public PositionSide PositionSide;
    public OrderFlags Flags;
    public OrderPhase Phase;
    public OrderTraits Traits;

    /// <summary>The side and what follows it as one word, side lowest.</summary>
    public ulong Word
    {
        readonly get => Unsafe.ReadUnaligned<ulong>(in Unsafe.As<Side, byte>(ref Unsafe.AsRef(in Side)));
        set => Unsafe.WriteUnaligned(ref Unsafe.As<Side, byte>(ref Side), value);
    }

    /// <summary>On the book, neither reducing nor detailed: to end it takes no more than to unlink it.</summary>
    public readonly bool IsPlainResting => Word >> PhaseShift == (ulong)OrderPhase.Resting;

    /// <summary>Where the phase stands in <see cref="Word"/>; below it is what <see cref="OrderTerms.Word"/> has there too.</summary>
    public const int PhaseShift = 48;

    public readonly long TotalLots => unchecked(Filled + Leaves);

    public readonly bool IsReducing => (Traits & OrderTraits.Reducing) != 0;

    /// <summary>It has an <see cref="OrderDetail"/>; without one, its reserve and worst price are its price, and it has no more to tell.</summary>
    public readonly bool IsDetailed => (Traits & OrderTraits.Detailed) != 0;
}

/// <summary>What is known of an order from the start.</summary>
[Flags]
internal enum OrderTraits : byte
{
    None = 0,
    Reducing = 1,
    Detailed = 2,
}

/// <summary>Where an open order is in its life.</summary>
internal enum OrderPhase : byte
{
    /// <summary>Free slot.</summary>
    None = 0,

    /// <summary>On the book.</summary>
    Resting = 1,

    /// <summary>Conditional, its price not met.</summary>
    Waiting = 2,

    /// <summary>Conditional, met, in the trigger queue.</summary>
    Met = 3,

    /// <summary>Trailing, its activation price not reached.</summary>
    Inactive = 4,

    /// <summary>Being matched as taker.</summary>
    Taking = 5,
}
