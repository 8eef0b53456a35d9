namespace Exchange.Core.Views;

/// <summary>What the views keep of one account: which rows of its <see cref="HistoryStore"/> are its own.</summary>
internal sealed class AccountHistory(uint account)
{
    public uint Account { get; } = account;

    /// <summary>All kept orders by key, and those of them that are open.</summary>
    public readonly RowIndex Orders = new();
    public readonly RowIndex OpenOrders = new();

    /// <summary>Keys by order id; null: an order's id is its key.</summary>
    public Dictionary<ulong, ulong>? OrderKeys { get; init; }

    /// <summary>0: the order is not kept.</summary>
    public ulong KeyOf(ulong orderId) => OrderKeys is null ? orderId : OrderKeys.TryGetValue(orderId, out ulong key) ? key : 0;

    /// <summary>By number.</summary>
    public readonly RowIndex Fills = new();
    public readonly RowIndex Movements = new();

    // The writer's alone.
    public RetiredRows EndedOrders;
    public RetiredRows OldFills;
    public RetiredRows OldMovements;
    public ulong LastMovement;

    /// <summary>What of it was dropped; under the lock.</summary>
    public HistoryCut Cut;
}

/// <summary>What of an account's history is no longer kept: whoever has it elsewhere goes on there.</summary>
/// <param name="OrdersThrough">Ended orders with keys up to this may be missing among those kept.</param>
/// <param name="Fills">Older ones than the oldest kept.</param>
/// <param name="Movements">The same.</param>
public record struct HistoryCut(ulong OrdersThrough, bool Fills, bool Movements);

/// <summary>A position of an account: leg 0 is the net or the long one, leg 1 the short one.</summary>
internal readonly record struct PositionSlot(uint Account, int Symbol, int Leg);

/// <summary>Lots, signed, and the isolated margin behind them.</summary>
internal readonly record struct HeldPosition(long Lots, long IsolatedE8);
