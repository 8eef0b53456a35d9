namespace Exchange.Embedded.Views;

/// <summary>What the views keep of one account; guarded by its stripe's lock.</summary>
internal sealed class AccountHistory
{
    /// <summary>All kept orders by id, and those of them that are open.</summary>
    public readonly RowIndex Orders = new();
    public readonly RowIndex OpenOrders = new();

    /// <summary>By number.</summary>
    public readonly RowIndex Fills = new();

    // The writer's alone.
    public RetiredRows EndedOrders;
    public RetiredRows OldFills;
}

/// <summary>The accounts that share a lock: readers of one wait for the writer only while it works on the same stripe.</summary>
internal sealed class AccountStripe
{
    public readonly Lock Gate = new();
    public readonly Dictionary<uint, AccountHistory> Accounts = [];

    /// <summary>Row of the newest order with a client id.</summary>
    public readonly Dictionary<ClientSlot, int> ClientIds = [];

    /// <summary>What is held; a position of nothing is not there.</summary>
    public readonly Dictionary<PositionSlot, long> PositionLots = [];
}

/// <summary>A position of an account: leg 0 is the net or the long one, leg 1 the short one.</summary>
internal readonly record struct PositionSlot(uint Account, int Symbol, int Leg);
