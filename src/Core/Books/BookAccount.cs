using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Exchange.Core.Books;

/// <summary>What a book knows of one account: two cache lines, of which orders and events need the first, fills both.</summary>
[StructLayout(LayoutKind.Sequential, Size = 128)]
internal struct BookAccount
{
    public uint Account;
    public uint Epoch;
    public uint Batch;

    /// <summary>Commands of the current batch applied so far.</summary>
    public ushort Applied;
    public bool IsRegistered;
    public bool IsOverOutbox;

    public ulong LastNumber;

    /// <summary>What <see cref="Outboxes"/> keeps of it; its newest event and its count are void if the generation is over.</summary>
    public long OutboxGeneration;
    public int OutboxNewest;
    public int OutboxCount;
    public int OpenOrders;

    /// <summary>Where <see cref="AccountOrders"/> has its array.</summary>
    public int OrdersStart;

    /// <summary>What became of the first command of the current batch; the rest of a larger batch is kept elsewhere.</summary>
    public ulong FirstOrderId;
    public RejectReason FirstReason;

    /// <summary>Its orders name LONG or SHORT: leg 0 is the long leg of hedge mode.</summary>
    public bool IsHedge;

    /// <summary>For how many orders the array of <see cref="OrdersStart"/> is: two to the power of this, less one. 0: none.</summary>
    public byte OrdersSize;

    /// <summary>Resting reducing orders: while there is none, no position change needs a look at the orders.</summary>
    public int RestingReducing;

    // The second line. Net position (leg 0: one-way or LONG, leg 1: SHORT) and its cost.
    public long Lots0;
    public long Lots1;
    public long CostE8At0;
    public long CostE8At1;
    public long Equity0E8;
    public long Equity1E8;

    /// <summary>When the countdown cancels all; 0: off.</summary>
    public long CountdownMs;

    /// <summary>The funding round that has settled this account last.</summary>
    public int FundingStamp;

    /// <summary>What <see cref="BookAccounts"/> has of the same place in its index; none: -1.</summary>
    public int NextOfHome;

    [UnscopedRef]
    public ref long LotsOf(int leg) => ref Unsafe.Add(ref Lots0, leg);

    [UnscopedRef]
    public ref long CostE8Of(int leg) => ref Unsafe.Add(ref CostE8At0, leg);

    public readonly long Lots(int leg) => leg == 0 ? Lots0 : Lots1;

    public readonly long CostE8(int leg) => leg == 0 ? CostE8At0 : CostE8At1;

    public readonly long EquityE8(int leg) => leg == 0 ? Equity0E8 : Equity1E8;
}
