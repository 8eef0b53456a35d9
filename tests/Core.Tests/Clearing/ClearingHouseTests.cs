using Exchange.Core.Accounts;
using Exchange.Core.Clearing;
using Exchange.Core.Wire;

namespace Exchange.Core.Tests.Clearing;

public sealed class ClearingHouseTests
{
    private readonly ClearingHouse _clearing = new();

    [Fact]
    public void Only_a_report_with_a_higher_number_counts()
    {
        _clearing.Report(1, 5, new AccountTotals(10, 100, 20, 0, 0));
        _clearing.Report(1, 5, new AccountTotals(11, 101, 21, 0, 0));
        _clearing.Report(1, 4, new AccountTotals(1, 10, 2, 0, 0));
        _clearing.Report(2, 1, new AccountTotals(-3, 50, 0, 0, 0));
        Assert.Equal((7, 150, 20), (_clearing.FeesE8, _clearing.DepositsE8, _clearing.WithdrawalsE8));

        _clearing.Report(1, 6, new AccountTotals(15, 100, 25, 0, 0));
        Assert.Equal((12, 150, 25), (_clearing.FeesE8, _clearing.DepositsE8, _clearing.WithdrawalsE8));
    }

    [Fact]
    public void Funding_remainders_of_a_book_reach_the_fund_once()
    {
        _clearing.ReportRemainders(3, 1, 4);
        _clearing.ReportRemainders(3, 1, 4);
        _clearing.ReportRemainders(3, 2, 9);
        _clearing.ReportRemainders(3, 1, 4);
        Assert.Equal(9, _clearing.FundE8);
    }

    [Fact]
    public void A_repeated_reserve_gets_the_first_grant()
    {
        _clearing.Seed(100);
        Assert.Equal(60, _clearing.Reserve(1, 1, 1, 60));
        Assert.Equal(60, _clearing.Reserve(1, 1, 1, 60));
        Assert.Equal((40, 60), (_clearing.FundE8, _clearing.GrantedE8));

        Assert.Equal(40, _clearing.Reserve(2, 1, 1, 70));
        Assert.Equal((0, 100), (_clearing.FundE8, _clearing.GrantedE8));
    }

    [Fact]
    public void Settling_frees_the_grant_once_less_what_was_spent_and_with_what_was_earned()
    {
        _clearing.Seed(100);
        _clearing.Reserve(1, 1, 2, 60);

        Assert.True(_clearing.Settle(1, 1, 2, spentE8: 45, earnedE8: 5));
        Assert.False(_clearing.Settle(1, 1, 2, spentE8: 45, earnedE8: 5));

        Assert.Equal((60, 0), (_clearing.FundE8, _clearing.GrantedE8));
    }

    [Fact]
    public void A_reserve_that_comes_after_its_settlement_gets_nothing()
    {
        _clearing.Seed(100);
        Assert.True(_clearing.Settle(1, 2, 1, 0, 0));

        Assert.Equal(0, _clearing.Reserve(1, 2, 1, 50));
        Assert.Equal(0, _clearing.Reserve(1, 1, 9, 50));

        Assert.Equal(50, _clearing.Reserve(1, 2, 2, 50));
    }

    [Fact]
    public void A_close_without_a_grant_still_brings_its_fees()
    {
        Assert.True(_clearing.Settle(1, 1, 1, spentE8: 0, earnedE8: 7));
        Assert.Equal(7, _clearing.FundE8);
    }

    [Fact]
    public void Fees_earned_in_a_close_may_be_spent_in_it()
    {
        _clearing.Seed(10);
        _clearing.Reserve(1, 1, 1, 10);
        Assert.True(_clearing.Settle(1, 1, 1, spentE8: 15, earnedE8: 6));
        Assert.Equal(1, _clearing.FundE8);
    }

    /// <summary>Whatever arrives, in whatever order and however often: the fund is never below zero and no unit is made.</summary>
    [Fact]
    public void No_order_of_messages_makes_or_loses_money()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            Random random = new(seed);
            ClearingHouse clearing = new();
            clearing.Seed(1_000);
            long netEarned = 0;
            ulong[] step = new ulong[4];
            for (int i = 0; i < 200; i++)
            {
                uint account = (uint)random.Next(4);
                ulong liquidation = step[account] / 3;
                uint sub = (uint)(step[account] % 3) + 1;
                long grant = clearing.Reserve(account, liquidation + 1, sub, random.Next(400));
                if (random.Next(3) == 0)
                    clearing.Reserve(account, liquidation + 1, sub, random.Next(400));
                if (random.Next(2) == 0)
                    continue;
                long earned = random.Next(20);
                long spent = random.NextInt64(grant + earned + 1);
                if (clearing.Settle(account, liquidation + 1, sub, spent, earned))
                    netEarned += earned - spent;
                clearing.Settle(account, liquidation + 1, sub, spent, earned);
                step[account]++;
                Assert.True(clearing.FundE8 >= 0);
                Assert.Equal(1_000 + netEarned, clearing.FundE8 + clearing.GrantedE8);
            }
        }
    }

    [Fact]
    public void A_snapshot_restores_reports_grants_and_what_was_settled()
    {
        _clearing.Seed(100);
        _clearing.Report(1, 5, new AccountTotals(10, 100, 20, 0, 0));
        _clearing.ReportRemainders(1, 2, 3);
        _clearing.Reserve(1, 1, 1, 60);
        _clearing.Settle(2, 4, 1, 0, 5);
        SnapshotWriter writer = new();
        _clearing.Write(writer);
        ClearingHouse read = new();
        read.Read(new SnapshotReader(writer.Written.ToArray()));

        Assert.Equal((48, 60, 10, 100), (read.FundE8, read.GrantedE8, read.FeesE8, read.DepositsE8));
        read.Report(1, 5, new AccountTotals(99, 99, 99, 0, 0));
        read.ReportRemainders(1, 2, 99);
        Assert.False(read.Settle(2, 4, 1, 0, 5));
        Assert.Equal(60, read.Reserve(1, 1, 1, 60));
        Assert.Equal((48, 60, 10, 100), (read.FundE8, read.GrantedE8, read.FeesE8, read.DepositsE8));
    }
}
