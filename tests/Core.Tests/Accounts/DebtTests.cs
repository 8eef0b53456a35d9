using Exchange.Core.Accounts;
using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Accounts;

/// <summary>Rules 7.3.7 where Clearing is asked by message: another symbol's order may fill meanwhile.</summary>
public sealed class DebtTests
{
    private readonly AccountFixture _test = new();
    private LiquidationStep _asked;

    public DebtTests()
    {
        _test.Mark(500_000);
        _test.Deposit("1000");
        _test.Fill(0, Side.Buy, 500_000, 100);
        _test.Mark(400_000);
        Assert.True(_test.Account.TryBeginLiquidation(_test.Market));
        _test.Fill(0, Side.Sell, 300_000, 100);
        _asked = _test.Account.NextLiquidationStep(_test.Market);
        Assert.Equal((LiquidationStepKind.ReserveDebt, -_test.Account.WalletE8), (_asked.Kind, _asked.AmountE8));
    }

    [Fact]
    public void A_debt_that_became_smaller_while_the_fund_was_asked_is_paid_as_it_is()
    {
        _test.Fill(0, Side.Buy, 300_000, 10);
        _test.Fill(0, Side.Sell, 301_000, 10);
        long owedE8 = -_test.Account.WalletE8;
        Assert.InRange(owedE8, 1, _asked.AmountE8 - 1);

        Assert.Equal(owedE8, SpentOf(_asked.AmountE8));

        Assert.Equal(0, _test.Account.WalletE8);
    }

    [Fact]
    public void A_debt_beside_a_position_that_was_opened_while_the_fund_was_asked_is_not_paid()
    {
        _test.Fill(0, Side.Buy, 300_000, 10);
        long walletE8 = _test.Account.WalletE8;

        Assert.Equal(0, SpentOf(_asked.AmountE8));

        Assert.Equal(walletE8, _test.Account.WalletE8);
        Assert.False(_test.Account.IsInLiquidation);
    }

    [Fact]
    public void A_debt_that_grew_while_the_fund_was_asked_is_paid_as_far_as_was_asked()
    {
        _test.Fill(0, Side.Buy, 300_000, 10);
        _test.Fill(0, Side.Sell, 299_000, 10);
        long owedE8 = -_test.Account.WalletE8;

        Assert.Equal(_asked.AmountE8, SpentOf(_asked.AmountE8));

        Assert.Equal(_asked.AmountE8 - owedE8, _test.Account.WalletE8);
    }

    /// <summary>What Clearing is told was spent of its grant.</summary>
    private long SpentOf(long grantE8)
    {
        _test.Account.LiquidationGranted(_asked.Liquidation, _asked.Step, grantE8, _test.Market);
        LiquidationStep settled = _test.Account.NextLiquidationStep(_test.Market);
        Assert.Equal((LiquidationStepKind.Settle, _asked.Liquidation, _asked.Step), (settled.Kind, settled.Liquidation, settled.Step));
        return settled.AmountE8;
    }
}
