using Exchange.Core.Instruments;
using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Accounts;

/// <summary>Worked numbers of docs/rules/margin.md 4, 5.5 and 6.1.</summary>
public sealed class PositionTests
{
    [Fact]
    public void Cost_leaves_rounded_down_and_the_sum_of_profits_is_exact()
    {
        AccountFixture test = new(TestVenue.Bitcoin(maker: 0, taker: 0));
        test.Mark(500_000);
        test.Deposit("10000");
        test.Fill(0, Side.Buy, 500_000, 100);
        test.Fill(0, Side.Buy, 500_650, 70);
        Assert.Equal(AccountFixture.Money("8504.55"), test.Account.PositionOf(0, 0).CostE8);

        test.Fill(0, Side.Sell, 501_450, 60);
        Assert.Equal(AccountFixture.Money("7.09411765"), test.Change.RealisedE8);

        test.Fill(0, Side.Sell, 498_850, 110);
        Assert.Equal(AccountFixture.Money("-15.59411765"), test.Change.RealisedE8);
        Assert.Equal(0, test.Account.PositionOf(0, 0).CostE8);
        Assert.Equal(AccountFixture.Money("9991.5"), test.Account.WalletE8);
    }

    [Fact]
    public void Fees_round_up_and_rebates_toward_zero()
    {
        // 47 * 0.1337: prices of one USDT, lots of 0.0001.
        Instrument instrument = Instrument.Create(0, TestVenue.Bitcoin().Settings with
        {
            TickE8 = 100_000_000,
            LotE8 = 10_000,
            MakerRateE8 = -5_000,
            TakerRateE8 = 37_000,
            MaxPriceTicks = 100_000,
        }, out Instrument? made) == InstrumentError.None ? made! : throw new InvalidOperationException();
        AccountFixture test = new(instrument);
        test.Mark(47);
        test.Deposit("100");

        test.Fill(0, Side.Buy, 47, 1_337, isMaker: false);
        Assert.Equal(AccountFixture.Money("0.00232505"), test.Change.FeeE8);

        test.Fill(0, Side.Sell, 47, 1_337, isMaker: true);
        Assert.Equal(AccountFixture.Money("-0.00031419"), test.Change.FeeE8);
        Assert.Equal(test.Account.Totals.FeesE8, AccountFixture.Money("100") - test.Account.WalletE8);
    }

    [Fact]
    public void A_fill_past_zero_closes_all_then_opens_the_rest()
    {
        AccountFixture test = new(TestVenue.Bitcoin(maker: 0, taker: 0));
        test.Mark(500_000);
        test.Deposit("1000");
        test.Fill(0, Side.Buy, 500_000, 100);

        test.Fill(0, Side.Sell, 501_000, 250);

        Assert.Equal(AccountFixture.Money("10"), test.Change.RealisedE8);
        Assert.Equal(-150, test.Change.PositionLots);
        Assert.Equal(AccountFixture.Money("7515"), test.Change.CostE8);
    }

    [Fact]
    public void Isolated_margin_enters_with_the_fill_and_leaves_pro_rata()
    {
        AccountFixture test = new(TestVenue.Bitcoin(maker: 0, taker: 0));
        test.Mark(500_000);
        test.Deposit("2000");
        Assert.Equal(RejectReason.None, test.Account.SetMarginMode(0, MarginMode.Isolated, test.Market));
        Assert.Equal(RejectReason.None, test.Account.SetLeverage(0, 10, test.Market));

        // 0.2 at 50100, mark 50000: a tenth of 10020, and the 20 that the fill loses against the mark.
        test.Fill(0, Side.Buy, 501_000, 200);
        Assert.Equal(AccountFixture.Money("1022"), test.Change.IsolatedE8);
        Assert.Equal(AccountFixture.Money("978"), test.Account.WalletE8);

        // A loss larger than the share eats the margin that stays.
        test.Fill(0, Side.Sell, 480_000, 100);
        Assert.Equal(AccountFixture.Money("-210"), test.Change.RealisedE8);
        Assert.Equal(AccountFixture.Money("511"), test.Change.IsolatedE8);
        Assert.Equal(AccountFixture.Money("1279"), test.Account.WalletE8);

        test.Fill(0, Side.Sell, 440_000, 100);
        Assert.Equal(0, test.Change.IsolatedE8);
        Assert.Equal(AccountFixture.Money("1180"), test.Account.WalletE8);
    }
}
