namespace Exchange.Core.Nodes.Audits;

/// <summary>What a cluster holds; money in 1e-8 USDT.</summary>
public sealed record AuditFigures
{
    public int Books { get; init; }

    public int Accounts { get; init; }

    public long OpenOrders { get; init; }

    /// <summary>Wallets and isolated margins.</summary>
    public Int128 WalletsE8 { get; init; }

    /// <summary>Cost of what is long less that of what is short.</summary>
    public Int128 SignedCostE8 { get; init; }

    /// <summary>Paid by accounts; Clearing may not have been told of the last.</summary>
    public Int128 FeesE8 { get; init; }

    /// <summary>With what is granted to liquidations.</summary>
    public Int128 FundE8 { get; init; }

    /// <summary>Earned less spent in closes that Clearing has not settled, what open funding rounds hold, and remainders of the others that it has not been told.</summary>
    public Int128 InFlightE8 { get; init; }

    public Int128 DepositsE8 { get; init; }

    public Int128 WithdrawalsE8 { get; init; }

    /// <summary>What the fund was started with.</summary>
    public Int128 SeedE8 { get; init; }

    public Int128 InsideE8 => WalletsE8 - SignedCostE8 + FeesE8 + FundE8 + InFlightE8;

    public Int128 OutsideE8 => DepositsE8 - WithdrawalsE8 + SeedE8;
}
