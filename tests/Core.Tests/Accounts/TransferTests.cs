using Exchange.Core.Accounts;
using Exchange.Core.Books;
using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Accounts;

public sealed class TransferTests
{
    private readonly AccountFixture _test = new();

    [Fact]
    public void A_repeated_transfer_returns_the_first_result_and_moves_nothing()
    {
        Assert.Equal(RejectReason.None, _test.Account.Deposit(Id(1), 500));
        Assert.Equal(RejectReason.None, _test.Account.Deposit(Id(1), 500));
        Assert.Equal(500, _test.Account.WalletE8);

        Assert.Equal(RejectReason.None, _test.Account.Withdraw(Id(2), 200, _test.Market));
        Assert.Equal(RejectReason.None, _test.Account.Withdraw(Id(2), 200, _test.Market));
        Assert.Equal(300, _test.Account.WalletE8);
        Assert.Equal(new AccountTotals(0, 500, 200, 0, 0), _test.Account.Totals);
    }

    [Fact]
    public void The_same_id_with_another_amount_or_kind_is_refused()
    {
        Assert.Equal(RejectReason.None, _test.Account.Deposit(Id(1), 500));
        Assert.Equal(RejectReason.TransferIdReused, _test.Account.Deposit(Id(1), 501));
        Assert.Equal(RejectReason.TransferIdReused, _test.Account.Withdraw(Id(1), 500, _test.Market));
        Assert.Equal(500, _test.Account.WalletE8);
    }

    [Fact]
    public void A_refused_transfer_is_judged_anew_when_it_is_repeated()
    {
        Assert.Equal(RejectReason.InsufficientBalance, _test.Account.Withdraw(Id(1), 100, _test.Market));
        _test.Account.Deposit(default, 100);
        Assert.Equal(RejectReason.None, _test.Account.Withdraw(Id(1), 100, _test.Market));
    }

    [Fact]
    public void Transfers_are_remembered_up_to_the_last_1024()
    {
        for (ulong i = 1; i <= 1_030; i++)
            Assert.Equal(RejectReason.None, _test.Account.Deposit(Id(i), 1));
        Assert.Equal(RejectReason.None, _test.Account.Deposit(Id(7), 1));
        Assert.Equal(1_030, _test.Account.WalletE8);
        Assert.Equal(RejectReason.None, _test.Account.Deposit(Id(6), 1));
        Assert.Equal(1_031, _test.Account.WalletE8);

        MarginAccount read = AccountFixture.ReadBack(_test.Account);
        Assert.Equal(RejectReason.None, read.Deposit(Id(1_030), 1));
        Assert.Equal(1_031, read.WalletE8);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    public void Amounts_that_are_none_are_refused(long amountE8)
    {
        Assert.Equal(RejectReason.AmountRange, _test.Account.Deposit(default, amountE8));
        Assert.Equal(RejectReason.AmountRange, _test.Account.Withdraw(default, amountE8, _test.Market));
    }

    [Fact]
    public void An_event_is_applied_once_and_a_gap_is_told()
    {
        _test.Mark(500_000);
        _test.Deposit("1000");
        _test.Fill(0, Side.Buy, 500_000, 10);
        long wallet = _test.Account.WalletE8;
        AccountChange change = default;

        BookEvent e = new() { Kind = BookEventKind.Funding, Account = 7, Number = 1, Amount = 5 };
        Assert.Equal(EventOutcome.Repeat, _test.Account.Apply(0, in e, _test.Market, ref change));
        e.Number = 3;
        Assert.Equal(EventOutcome.Gap, _test.Account.Apply(0, in e, _test.Market, ref change));
        Assert.Equal(wallet, _test.Account.WalletE8);
        e.Number = 2;
        Assert.Equal(EventOutcome.Applied, _test.Account.Apply(0, in e, _test.Market, ref change));
        Assert.Equal(wallet + 5, _test.Account.WalletE8);
    }

    private static ClientKey Id(ulong id) => new(1, id);
}
