using Exchange.Core.Books;
using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Engines;

/// <summary>Random commands over the whole engine, all of semantics 10 asked after each.</summary>
public sealed class EngineInvariantTests
{
    private const int CommandsPerScript = 1_500;

    [Fact]
    public void Money_orders_and_positions_add_up_whatever_is_sent()
    {
        int scripts = TestScale.Of(100, 10_000);
        for (ulong seed = 1; seed <= (ulong)scripts; seed++)
            EngineScript.Run(seed, CommandsPerScript, () => new EngineRun(new MoneyCheck()));
    }

    /// <summary>
    /// Looking at all accounts would be right and slow; the engine looks at those that changed or whose range a mark has left. Asking
    /// tightens an account's bounds of losses, so this is a run of its own.
    /// </summary>
    [Fact]
    public void At_every_instant_the_accounts_looked_at_contain_all_that_must_be()
    {
        int scripts = TestScale.Of(150, 10_000);
        int under = 0;
        int unpayable = 0;
        int spared = 0;
        for (ulong seed = 1; seed <= (ulong)scripts; seed++)
        {
            DueCheck due = new();
            EngineScript.Run(seed, CommandsPerScript, () => new EngineRun(due = new DueCheck()));
            under += due.UnderCount;
            unpayable += due.UnpayableCount;
            spared += due.SparedCount;
        }

        Assert.True(under > scripts && unpayable > scripts && spared > scripts, $"{under} under, {unpayable} unpayable, {spared} spared");
    }

    /// <summary>Random commands prove only what they reach: each of these at least three times; a debt for the fund to pay is the rarest.</summary>
    [Fact]
    public void The_scripts_reach_every_kind_of_event_often()
    {
        var counts = new Dictionary<string, int>();
        for (ulong seed = 1; seed <= 200; seed++)
            EngineScript.Run(seed, CommandsPerScript, () => new EngineRun(new ReachCheck(counts)));

        string[] rare = [.. MustReach().Where(what => counts.GetValueOrDefault(what) < 3).Select(what => $"{what}: {counts.GetValueOrDefault(what)}")];
        Assert.True(rare.Length == 0, string.Join(", ", rare));
    }

    private static IEnumerable<string> MustReach() =>
    [
        .. Enum.GetValues<EngineEventKind>().Except([EngineEventKind.None]).Select(kind => kind.ToString()),
        .. Enum.GetValues<BookEventKind>().Except([BookEventKind.None, BookEventKind.Settled]).Select(kind => kind.ToString()),
        .. Enum.GetValues<EndReason>().Except([EndReason.None, EndReason.Outbox, EndReason.Delisted]).Select(reason => reason.ToString()), // No outbox fills here.
        .. Enum.GetValues<OrderType>().Select(type => $"{type} {(type.HasLimit() ? TimeInForce.Gtc : TimeInForce.Ioc)}"),
        .. Enum.GetValues<TimeInForce>().Select(time => $"{OrderType.Limit} {time}"),
        "repeat of a client id", "shortfall", "clearance fee", "full close", "partial close", "kept its place", "lost its place",
        .. Refusals("Place", RejectReason.UnknownSymbol, RejectReason.PriceBandOfIndex),
        "Amend UnknownOrder", "Amend NotAmendable", "Amend NoChange", "Amend PriceBand", "Amend InsufficientMargin", "Cancel UnknownOrder",
        "Deposit None", "Deposit TransferIdReused", "Withdraw None", "Withdraw InsufficientBalance", "AdjustMargin None",
        "AdjustMargin InsufficientMargin", "AdjustMargin InsufficientBalance", "AdjustMargin NoIsolatedPosition",
        "SetLeverage None", "SetLeverage LeverageRange", "SetLeverage InsufficientMargin", "SetLeverage IsolatedLeverageReduction",
        "SetMarginMode OpenOrders", "SetMarginMode OpenPosition", "SetPositionMode None", "SetPositionMode NoChange",
        "Countdown CountdownRange", "SetState None", "SetAccountState None", "Place AccountFrozen", "Place AccountReduceOnly", "SettleFunding None",
        "SetIndex None", "SetIndex PriceBandOfIndex",
    ];

    /// <summary>The checks of an order (semantics 2), but for a liquidation's: an engine of one process is never seen in one.</summary>
    private static IEnumerable<string> Refusals(string command, RejectReason first, RejectReason end)
    {
        for (RejectReason reason = first; reason <= RejectReason.FokWouldNotFill && reason < end; reason++)
        {
            if (reason != RejectReason.AccountInLiquidation)
                yield return $"{command} {reason}";
        }
    }
}
