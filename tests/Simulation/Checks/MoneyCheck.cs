using Exchange.Core.Accounts;
using Exchange.Core.Clearing;
using Exchange.Core.Nodes.Audits;
using Exchange.Simulation.Hosts;
using Exchange.Simulation.Truth;
using Exchange.Simulation.Worlds;

namespace Exchange.Simulation.Checks;

/// <summary>Money after every step, to the last unit, with what is in flight (docs/protocol.md 8).</summary>
/// <remarks>
/// Each account's wallet, margins and costs must be what came in, less what went out, plus what the books' events up to the last
/// one it has applied have moved; so the sum over all accounts, the fees and the fund is what came in from outside.
/// </remarks>
internal sealed class MoneyCheck(World world)
{
    public void Check()
    {
        foreach (AccountPlace place in world.Accounts)
        {
            if (place.Machine is { } account)
                Check(account);
        }

        CheckFund();
    }

    private void Check(MarginAccount account)
    {
        AccountTotals totals = account.Totals;
        Int128 flowE8 = 0;
        Int128 feesE8 = 0;
        long spentE8 = 0;
        for (int i = 0; i < account.SymbolCount; i++)
        {
            BookPlace book = world.Books[account.SymbolAt(i)];
            ulong applied = account.LastEventOf(account.SymbolAt(i));
            if (applied > book.History.LastNumberOf(account.Id))
                throw Wrong(account, $"has applied event {applied} of {book}, whose journal knows {book.History.LastNumberOf(account.Id)}");
            BookHistory.Sums sums = book.History.Upto(account.Id, applied);
            flowE8 += sums.FlowE8;
            feesE8 += sums.FeesE8;
            spentE8 += sums.SpentE8;
        }

        if (totals.FeesE8 != feesE8)
            throw Wrong(account, $"paid {totals.FeesE8} of fees, its fills cost {feesE8}");

        // What the fund spent beyond the closes was paid on a debt.
        Int128 debtE8 = totals.FundSpentE8 - spentE8;
        Int128 worthE8 = WorthE8(account);
        Int128 expectedE8 = totals.DepositsE8 - totals.WithdrawalsE8 - totals.FeesE8 + debtE8 + flowE8;
        if (worthE8 != expectedE8 || debtE8 < 0)
            throw Wrong(account, $"is worth {worthE8}, its history says {expectedE8} with {debtE8} paid on debts");
        CheckSettled(account);
    }

    /// <summary>What the account says the fund spent and earned is settled, or waits in a close that is not.</summary>
    private void CheckSettled(MarginAccount account)
    {
        ClearingHistory.Account known = world.Clearing.History.Of(account.Id);
        Int128 spentE8 = known.SpentE8;
        Int128 earnedE8 = known.EarnedE8;
        foreach (OpenClose close in account.OpenCloses)
        {
            if (!close.IsKnown || known.HasSettled(close.Liquidation, close.Step))
                continue;
            spentE8 += close.SpentE8;
            earnedE8 += close.EarnedE8;
        }

        AccountTotals totals = account.Totals;
        if (totals.FundSpentE8 != spentE8 || totals.FundEarnedE8 != earnedE8)
        {
            throw Wrong(
                account, $"used {totals.FundSpentE8} of the fund and earned {totals.FundEarnedE8}, settled and open are {spentE8}, {earnedE8}");
        }
    }

    private void CheckFund()
    {
        ClearingHouse house = world.Clearing.Follower.House;
        Int128 expectedE8 = house.SeedE8;
        foreach (BookPlace book in world.Books)
            expectedE8 += world.Clearing.History.RemaindersE8(book.Follower.Symbol);
        foreach (AccountPlace account in world.Accounts)
            expectedE8 += world.Clearing.History.Of(account.Account).EarnedE8 - world.Clearing.History.Of(account.Account).SpentE8;
        Int128 fundE8 = (Int128)house.FundE8 + house.GrantedE8;
        if (fundE8 != expectedE8 || house.FundE8 < 0)
            throw new FaultFoundException($"The fund holds {fundE8} with its grants, settlements and remainders say {expectedE8}");
    }

    /// <summary>Wallet and isolated margins less the signed cost of what is open.</summary>
    private static Int128 WorthE8(MarginAccount account) => account.WalletAndMarginsE8 - account.SignedCostE8;

    /// <summary>What is durable holds too, whatever moment is looked at once all symbols are listed: the audit knows of no others.</summary>
    public void CheckDurable()
    {
        if (Array.Exists(world.Books, place => place.Follower.Book is null))
            return;
        var audit = new ClusterAudit([.. world.Books.Select(place => place.Follower)], [.. world.Marks.Select(place => place.Follower)], world.Clearing.Follower);
        foreach (AccountPlace place in world.Accounts)
            audit.Add(place.Account, place.Stream.Epoch, place.Stream.State);
        AuditFigures figures = audit.Finish();
        if (audit.Faults.Count != 0)
            throw new FaultFoundException($"What is durable does not hold: {string.Join("; ", audit.Faults)}. {figures}");
    }

    private static FaultFoundException Wrong(MarginAccount account, string what) => new($"Account {account.Id} {what}");
}
