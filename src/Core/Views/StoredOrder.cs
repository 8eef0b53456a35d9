using System.Runtime.InteropServices;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core.Views;

/// <summary>An order as the views keep it, open or ended: 160 bytes, blittable, written to snapshots as it lies.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StoredOrder
{
    /// <summary>Sum of price * quantity * unit over its fills, 1e-8 USDT.</summary>
    public Int128 FilledNotionalE8;
    public ulong OrderId;
    public long PriceTicks;
    public long StopTicks;
    public long ActivationTicks;
    public long GtdMs;
    public long TotalLots;
    public long FilledLots;
    public long CreatedMs;
    public long UpdatedMs;
    public uint Account;
    public int Symbol;
    public int CallbackRateE8;
    public ClientOrderId ClientId;
    public Side Side;
    public OrderType Type;
    public TimeInForce TimeInForce;
    public SelfTradePrevention Stp;
    public PositionSide PositionSide;
    public OrderFlags Flags;
    public OrderStatus Status;
    public EndReason Reason;

    /// <summary>Whether the client id leads to this order: it is the account's newest with it on the symbol.</summary>
    public bool IsFoundByClientId;

    public readonly bool IsOpen => Status is OrderStatus.New or OrderStatus.Waiting or OrderStatus.PartiallyFilled;

    /// <summary>Where its client id leads from; it has one.</summary>
    public readonly ClientSlot ClientSlot() => new(Account, Symbol, ClientId.Key());

    public readonly OrderView ToView() => new(
        OrderId, Account, Symbol, ClientId.Text(), Side, Type, TimeInForce, Stp, PositionSide, Flags, PriceTicks, StopTicks,
        ActivationTicks, CallbackRateE8, GtdMs, TotalLots, FilledLots, FilledNotionalE8, Status, Reason, CreatedMs, UpdatedMs);
}

/// <summary>What a client order id means: it is the account's own, on one symbol.</summary>
internal readonly record struct ClientSlot(uint Account, int Symbol, ClientKey Key);
