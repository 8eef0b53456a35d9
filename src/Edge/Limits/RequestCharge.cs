using System.Collections.Frozen;

namespace Exchange.Edge.Limits;

/// <summary>What a request is counted against.</summary>
internal enum Budget
{
    /// <summary>Nothing.</summary>
    Free = 0,

    /// <summary>Weight, of the address and then of the key.</summary>
    Requests = 1,

    /// <summary>Weight of the address, orders of the account.</summary>
    Orders = 2,

    /// <summary>Cancels of the address, cancels of the account: nothing else can use them up.</summary>
    Cancels = 3,
}

/// <summary>How much of which budget a request takes.</summary>
internal readonly record struct RequestCharge(Budget Budget, int Weight)
{
    /// <summary>What the table does not name, and paths that there are none of.</summary>
    public static readonly RequestCharge Usual = new(Budget.Requests, 1);

    /// <summary>Taken from the address besides, for credentials that were refused: guessing must be dear.</summary>
    public const int RefusedCredentials = 20;
}

/// <summary>The one table of charges, by operation; docs/limits.md shows it.</summary>
internal static class RequestCharges
{
    /// <summary>All but the usual.</summary>
    public static FrozenDictionary<string, RequestCharge> Table { get; } = new Dictionary<string, RequestCharge>(StringComparer.Ordinal)
    {
        ["GetLiveness"] = new(Budget.Free, 0),
        ["GetHealth"] = new(Budget.Free, 0),
        ["GetReadiness"] = new(Budget.Free, 0),
        ["Noop"] = new(Budget.Free, 0),

        ["PlaceOrder"] = new(Budget.Orders, 1),
        ["AmendOrder"] = new(Budget.Orders, 1),
        ["CancelOrder"] = new(Budget.Cancels, 1),
        ["CancelOrders"] = new(Budget.Cancels, 1),
        ["CancelAfter"] = new(Budget.Cancels, 1),

        // Its orders are counted one by one besides.
        ["PlaceOrders"] = new(Budget.Requests, 5),

        ["GetOrderBook"] = new(Budget.Requests, 5),
        ["ListTickers"] = new(Budget.Requests, 5),
        ["ListTrades"] = new(Budget.Requests, 5),
        ["ListCandles"] = new(Budget.Requests, 5),
        ["ListFundingRates"] = new(Budget.Requests, 5),
        ["ListOrders"] = new(Budget.Requests, 5),
        ["ListFills"] = new(Budget.Requests, 5),
        ["ListLedger"] = new(Budget.Requests, 5),
        ["GetAccount"] = new(Budget.Requests, 5),
        ["ListPositions"] = new(Budget.Requests, 5),
        ["ListFeatures"] = new(Budget.Requests, 5),
        ["QueryFeatures"] = new(Budget.Requests, 20),

        // Each writes to the disk, or walks all that there is of its kind.
        ["CreateToken"] = new(Budget.Requests, 20),
        ["CreateKey"] = new(Budget.Requests, 20),
        ["RevokeKey"] = new(Budget.Requests, 20),
        ["GetKeys"] = new(Budget.Requests, 20),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static RequestCharge Of(string operation) => Table.TryGetValue(operation, out RequestCharge charge) ? charge : RequestCharge.Usual;
}
