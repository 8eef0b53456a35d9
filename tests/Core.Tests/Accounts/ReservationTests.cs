using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Accounts;

/// <summary>Worked numbers of docs/rules/margin.md 5.2 and 5.3.</summary>
public sealed class ReservationTests
{
    private const long Mark = 500_000;

    [Fact]
    public void Without_a_position_the_larger_side_reserves()
    {
        AccountFixture test = Funded("10000");
        Assert.Equal(RejectReason.None, test.Account.SetLeverage(0, 10, test.Market));
        Rest(test, Side.Buy, 495_000, 100);
        Rest(test, Side.Buy, 490_000, 100);
        Rest(test, Side.Sell, 505_000, 100);
        Rest(test, Side.Sell, 510_000, 50);
        Assert.Equal(AccountFixture.Money("985"), test.Account.ReservedE8(0, test.Market));
    }

    [Fact]
    public void Orders_against_a_position_need_margin_only_past_twice_its_size()
    {
        AccountFixture test = Funded("10000");
        test.Fill(0, Side.Buy, Mark, 200);
        Rest(test, Side.Sell, 505_000, 400);
        Assert.Equal(AccountFixture.Money("10"), test.Account.ReservedE8(0, test.Market));
        Rest(test, Side.Sell, 510_000, 100);
        Assert.Equal(AccountFixture.Money("265"), test.Account.ReservedE8(0, test.Market));
        Rest(test, Side.Buy, 490_000, 100);
        Assert.Equal(AccountFixture.Money("265"), test.Account.ReservedE8(0, test.Market));
    }

    [Fact]
    public void Margin_open_loss_and_fee_must_fit()
    {
        AccountFixture test = Funded("525.525");
        Assert.Equal(RejectReason.None, test.Account.SetLeverage(0, 10, test.Market));
        Assert.Equal(RejectReason.InsufficientMargin, test.Place(AccountFixture.Limit(Side.Buy, 510_000, 100), out _));
        Assert.Equal(RejectReason.None, test.Place(AccountFixture.Limit(Side.Buy, 500_000, 100), out _));
        Assert.Equal(0, test.Account.HeldE8);
    }

    [Fact]
    public void A_refused_order_leaves_no_trace()
    {
        AccountFixture test = Funded("100");
        test.Register(0);
        Assert.Equal(RejectReason.InsufficientMargin, test.Place(AccountFixture.Limit(Side.Buy, 500_000, 100), out _));
        Assert.Equal(0, test.Account.ReservedE8(0, test.Market));
        Assert.Equal(AccountFixture.Money("100"), test.Account.AvailableE8(test.Market));
        Assert.Equal(0, test.Account.OpenOrderCount(0));
    }

    [Fact]
    public void An_order_in_flight_holds_what_was_compared_until_it_is_answered()
    {
        AccountFixture test = Funded("1000");
        test.Register(0);
        Core.Books.BookInput input = default;
        OrderTerms terms = AccountFixture.Limit(Side.Buy, 501_000, 100);
        Assert.Equal(RejectReason.None, test.Account.ReservePlace(in terms, test.Market, 1, 1, ref input));

        // 250.5 of margin, 10 of open loss, 2.505 of fee.
        Assert.Equal(AccountFixture.Money("736.995"), test.Account.AvailableE8(test.Market));
        Assert.Equal(1, test.Account.OpenOrderCount(0));

        test.Account.Resolve(0, input.CommandKey, test.Market[0].Instrument);
        Assert.Equal(AccountFixture.Money("1000"), test.Account.AvailableE8(test.Market));
        Assert.Equal(0, test.Account.OpenOrderCount(0));
    }

    [Fact]
    public void An_amend_in_flight_holds_the_larger_of_old_and_new()
    {
        AccountFixture test = Funded("1000");
        ulong id = Rest(test, Side.Buy, 490_000, 100);
        Core.Books.BookInput input = default;
        Assert.Equal(RejectReason.None, test.Account.ReserveAmend(0, id, OrderFields.Lots, 0, 40, test.Market, 1, ref input));
        Assert.Equal(AccountFixture.Money("245"), test.Account.ReservedE8(0, test.Market));

        test.Tell(0, new Core.Books.BookEvent
        {
            Kind = Core.Books.BookEventKind.Amended, OrderId = id, PriceTicks = 490_000, Lots = 40, LeavesLots = 40, Amount = 490_000,
        });
        test.Account.Resolve(0, input.CommandKey, test.Market[0].Instrument);
        Assert.Equal(AccountFixture.Money("98"), test.Account.ReservedE8(0, test.Market));
    }

    private static AccountFixture Funded(string amount)
    {
        AccountFixture test = new();
        test.Mark(Mark);
        test.Deposit(amount);
        return test;
    }

    private static ulong Rest(AccountFixture test, Side side, long priceTicks, long lots)
    {
        Assert.Equal(RejectReason.None, test.Place(AccountFixture.Limit(side, priceTicks, lots), out ulong id));
        return id;
    }
}
