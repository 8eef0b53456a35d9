using System.Runtime.InteropServices;
using Exchange.Core.Orders;

namespace Exchange.Core.Books;

/// <summary>An open order as the book keeps it: what an account that comes up again needs to rebuild its reservations.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct OpenOrder
{
    public ulong OrderId;
    public ClientKey ClientKey;
    public long PriceTicks;
    public long StopTicks;
    public long TotalLots;
    public long FilledLots;

    /// <summary>Price its margin is reserved at.</summary>
    public long ReserveTicks;

    /// <summary>Worst price it was checked with.</summary>
    public long WorstTicks;
    public long GtdMs;
    public Side Side;
    public OrderType Type;
    public TimeInForce TimeInForce;
    public SelfTradePrevention Stp;
    public PositionSide PositionSide;
    public OrderFlags Flags;

    /// <summary>Conditional and not triggered yet.</summary>
    public bool IsWaiting;

    public readonly long LeavesLots => TotalLots - FilledLots;

    public readonly bool IsReducing => OrderRules.IsReducing(Flags, Side, PositionSide);
}
