namespace Exchange.Embedded.Views;

/// <summary>What the views keep of one account; guarded by its stripe's lock.</summary>
internal sealed class AccountHistory
{
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

/// <summary>The accounts that share a lock: readers of one wait for the writer only while it works on the same stripe.</summary>
internal sealed class AccountStripe
{
    public readonly Lock Gate = new();
    public readonly Dictionary<uint, AccountHistory> Accounts = [];

    /// <summary>Row of the newest order with a client id.</summary>
    public readonly Dictionary<ClientSlot, int> ClientIds = [];

    /// <summary>What is held; a position of nothing is not there.</summary>
    public readonly Dictionary<PositionSlot, HeldPosition> Positions = [];
}

/// <summary>A position of an account: leg 0 is the net or the long one, leg 1 the short one.</summary>
internal readonly record struct PositionSlot(uint Account, int Symbol, int Leg);

/// <summary>Lots, signed, and the isolated margin behind them.</summary>
internal readonly record struct HeldPosition(long Lots, long IsolatedE8);
