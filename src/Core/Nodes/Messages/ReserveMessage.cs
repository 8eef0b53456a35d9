using Exchange.Core.Accounts;

namespace Exchange.Core.Nodes.Messages;

// Clearing. Money in 1e-8 USDT.

public sealed record ReserveMessage(uint Account, ulong Liquidation, uint Step, long MostE8) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.Reserve;
}

public sealed record GrantedMessage(ulong Liquidation, uint Step, long GrantE8) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.Granted;
}

public sealed record SettleMessage(uint Account, ulong Liquidation, uint Step, long SpentE8, long EarnedE8) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.Settle;
}

public sealed record SettledMessage(ulong Liquidation, uint Step) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.Settled;
}

/// <summary>An account's cumulative totals; only a higher number than the last counts.</summary>
public sealed record TotalsMessage(uint Account, ulong Number, AccountTotals Totals) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.Totals;
}

/// <summary>A book's cumulative funding remainders; only a higher number than the last counts.</summary>
public sealed record RemaindersMessage(int Symbol, ulong Number, long RemaindersE8) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.Remainders;
}

/// <summary>The report with this number, or a later one, is durable.</summary>
public sealed record ReportTakenMessage(ulong Number) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.ReportTaken;
}

/// <summary>Money for the fund from outside. Seeds count 1, 2, 3 …; each is taken once.</summary>
public sealed record SeedMessage(ulong Number, long AmountE8) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.Seed;
}

/// <param name="Number">The last seed that was taken.</param>
/// <param name="Reason">Of the one that was asked about: AmountRange if it does not fit; its number is used up all the same.</param>
public sealed record SeedTakenMessage(ulong Number, RejectReason Reason) : NodeMessage
{
    public override NodeMessageKind Kind => NodeMessageKind.SeedTaken;
}
