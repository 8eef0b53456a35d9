using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Views;

namespace Exchange.Core.Tests.Views;

public sealed class LedgerTests
{
    private const uint Alice = 1;
    private const uint Bob = 2;

    [Fact]
    public void Wallet_and_isolated_margin_are_purses_of_their_own()
    {
        var venue = new ViewsFixture { TimeMs = 9_000 };
        Pay(venue, Alice, 1_000, 1_000, BalanceCause.Deposit, symbol: -1);
        ref FeedEvent margin = ref venue.Add(FeedKind.Position, Alice);
        margin.PositionSide = PositionSide.Long;
        margin.Lots = 4;
        margin.Money = 95;
        margin.Reason = (byte)BalanceCause.Fill;
        margin.Other = 77;
        Pay(venue, Alice, -100, 900, BalanceCause.Fill, tradeId: 77);

        LedgerView ledger = venue.Views.GetLedger(Alice, -1, 0, 10);

        Assert.Equal(
            [
                new(3, Alice, 0, PositionSide.Both, false, BalanceCause.Fill, 77, -100, 900, 9_000, 2),
                new(2, Alice, 0, PositionSide.Long, true, BalanceCause.Fill, 77, 95, 95, 9_000, 2),
                new(1, Alice, -1, PositionSide.Both, false, BalanceCause.Deposit, 0, 1_000, 1_000, 9_000, 1),
            ],
            ledger.Items);
        Assert.Equal((0ul, 0L), (ledger.Next, ledger.BeginsMs));
        Assert.Equal(2, venue.Views.GetLedger(Alice, 0, 0, 10).Items.Length);
    }

    [Fact]
    public void A_position_whose_margin_stays_moves_no_money()
    {
        var venue = new ViewsFixture();
        for (int lots = 1; lots < 4; lots++)
        {
            ref FeedEvent e = ref venue.Add(FeedKind.Position, Alice);
            e.Lots = lots;
            e.Money = 50;
            venue.Apply(default);
        }

        Assert.Equal(50, Assert.Single(venue.Views.GetLedger(Alice, -1, 0, 10).Items).AmountE8);
    }

    [Fact]
    public void Beyond_an_accounts_limit_the_oldest_is_dropped_and_the_answer_says_where_it_begins()
    {
        var venue = new ViewsFixture(new ViewLimits { MovementsPerAccount = 2 });
        for (int i = 1; i <= 4; i++)
        {
            venue.TimeMs = 1_000 * i;
            Pay(venue, Alice, 1, i);
        }

        Pay(venue, Bob, 1, 1);
        foreach (VenueViews views in new[] { venue.Views, venue.Restored() })
        {
            LedgerView alices = views.GetLedger(Alice, -1, 0, 10);
            Assert.Equal([4, 3], alices.Items.Select(movement => movement.BalanceE8));
            Assert.Equal(3_000, alices.BeginsMs);
            Assert.Equal(0, views.GetLedger(Bob, -1, 0, 10).BeginsMs);
        }
    }

    [Fact]
    public void Beyond_the_limit_of_all_accounts_no_ledger_claims_to_be_whole()
    {
        var venue = new ViewsFixture(new ViewLimits { Movements = 2 }) { TimeMs = 1_000 };
        Pay(venue, Alice, 1, 1);
        venue.TimeMs = 2_000;
        Pay(venue, Bob, 1, 1);
        Pay(venue, Bob, 1, 2);

        foreach (VenueViews views in new[] { venue.Views, venue.Restored() })
        {
            LedgerView alices = views.GetLedger(Alice, -1, 0, 10);
            Assert.Empty(alices.Items);
            Assert.Equal(1_000, alices.BeginsMs);
        }
    }

    [Fact]
    public void Pages_go_from_the_newest_to_the_oldest()
    {
        var venue = new ViewsFixture();
        for (int i = 1; i <= 5; i++)
            Pay(venue, Alice, 1, i, symbol: i % 2);

        LedgerView first = venue.Views.GetLedger(Alice, 1, 0, 2);
        Pay(venue, Alice, 1, 6, symbol: 1);
        LedgerView second = venue.Views.GetLedger(Alice, 1, first.Next, 2);

        Assert.Equal([5, 3], first.Items.Select(movement => movement.BalanceE8));
        Assert.Equal([1], second.Items.Select(movement => movement.BalanceE8));
        Assert.Equal(0ul, second.Next);
    }

    private static void Pay(
        ViewsFixture venue, uint account, long amountE8, long balanceE8, BalanceCause cause = BalanceCause.Funding, int symbol = 0, long tradeId = 0)
    {
        ref FeedEvent e = ref venue.Add(FeedKind.Balance, account, symbol);
        e.Reason = (byte)cause;
        e.Amount = amountE8;
        e.Money = balanceE8;
        e.Other = tradeId;
        venue.Apply(default);
    }
}
