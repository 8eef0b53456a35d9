namespace Exchange.Core.Views;

/// <summary>What the views keep of one account: which rows of its <see cref="HistoryStore"/> are its own.</summary>
internal sealed class AccountHistory(uint account)
{
    public uint Account { get; } = account;

    /// <summary>All kept orders by id, and those of them that are open.</summary>
    public readonly RowIndex Orders = new();
    public readonly RowIndex OpenOrders = new();

    /// <summary>By number.</summary>
    public readonly RowIndex Fills = new();
    public readonly RowIndex Movements = new();

    // The writer's alone.
    public RetiredRows EndedOrders;
    public RetiredRows OldFills;
    public RetiredRows OldMovements;
    public ulong LastMovement;
}

/// <summary>A position of an account: leg 0 is the net or the long one, leg 1 the short one.</summary>
internal readonly record struct PositionSlot(uint Account, int Symbol, int Leg);

/// <summary>Lots, signed, and the isolated margin behind them.</summary>
internal readonly record struct HeldPosition(long Lots, long IsolatedE8);
