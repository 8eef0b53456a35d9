using Exchange.Core.Accounts;
using Exchange.Core.Marks;
using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Accounts;

/// <summary>docs/protocol.md 5: what marks are safe, and what makes an account due.</summary>
public sealed class WatchTests
{
    private readonly AccountFixture _test = new(TestVenue.Bitcoin(maker: 0), TestVenue.Bitcoin(1, maker: 0));

    public WatchTests()
    {
        _test.Mark(500_000);
        _test.Mark(500_000, 1);
        _test.Deposit("2000");
    }

    [Fact]
    public void An_account_without_orders_and_positions_watches_nothing()
    {
        Assert.Equal(WatchOutcome.Safe, _test.Account.Watch(_test.Market));
        Assert.False(_test.Account.TryTakeRange(out _, out _));
    }

    [Fact]
    public void A_long_is_watched_below_and_unregisters_when_it_is_closed()
    {
        _test.Fill(0, Side.Buy, 500_000, 500);
        PriceRange range = Range();
        Assert.InRange(range.LowTicks, 460_000, 499_999);
        Assert.Equal(long.MaxValue, range.HighTicks);

        _test.Fill(0, Side.Sell, 500_000, 500);
        Assert.True(Range().IsNone);
    }

    [Fact]
    public void Small_changes_leave_the_range_and_large_ones_replace_it()
    {
        _test.Fill(0, Side.Buy, 500_000, 500);
        PriceRange first = Range();
        _test.Fill(0, Side.Buy, 500_000, 5);
        Assert.Equal(WatchOutcome.Safe, _test.Account.Watch(_test.Market));

        _test.Fill(0, Side.Buy, 500_000, 250);
        PriceRange second = Range();
        Assert.True(second.LowTicks > first.LowTicks);
        Assert.True(second.IsNewerThan(in first));
    }

    [Fact]
    public void Taking_margin_out_of_a_position_narrows_its_range()
    {
        _test.Account.SetMarginMode(0, MarginMode.Isolated, _test.Market);
        _test.Fill(0, Side.Buy, 500_000, 200);
        Assert.Equal(RejectReason.None, Adjust("1000"));
        PriceRange wide = Range();
        Assert.Equal(RejectReason.None, Adjust("-1000"));
        Assert.True(Range().LowTicks > wide.LowTicks);
    }

    [Fact]
    public void A_pool_at_its_maintenance_margin_is_due()
    {
        _test.Fill(0, Side.Buy, 500_000, 500);
        long price = _test.Account.LiquidationTicks(0, 0, _test.Market)!.Value;
        _test.Mark(price + 1);
        Assert.Equal(WatchOutcome.Safe, _test.Account.Watch(_test.Market) & WatchOutcome.Under);
        _test.Mark(price);
        Assert.Equal(WatchOutcome.Under, _test.Account.Watch(_test.Market));
    }

    [Fact]
    public void A_held_mark_stops_the_liquidation_of_its_pool_and_of_no_other()
    {
        _test.Account.SetMarginMode(1, MarginMode.Isolated, _test.Market);
        _test.Fill(0, Side.Buy, 500_000, 500);
        _test.Fill(0, Side.Buy, 500_000, 100, symbol: 1);
        _test.Mark(400_000);
        _test.Mark(400_000, 1);
        _test.Market[0].IsStale = true;
        Assert.True(_test.Account.IsUnderAtMarks(_test.Market));
        Assert.True(_test.Account.TryBeginLiquidation(_test.Market));
        LiquidationStep step = _test.Account.NextLiquidationStep(_test.Market);
        Assert.Equal((LiquidationStepKind.Reserve, 1), (step.Kind, step.Symbol));
    }

    [Fact]
    public void A_held_mark_of_the_only_pool_leaves_the_account_alone_until_it_moves_again()
    {
        _test.Fill(0, Side.Buy, 500_000, 500);
        _test.Mark(400_000);
        _test.Market[0].IsStale = true;
        Assert.False(_test.Account.TryBeginLiquidation(_test.Market));
        _test.Market[0].IsStale = false;
        Assert.True(_test.Account.TryBeginLiquidation(_test.Market));
        Assert.Equal(RejectReason.AccountInLiquidation, _test.Account.Deposit(default, 1));
        Assert.Equal(RejectReason.AccountInLiquidation, _test.Account.JudgePlace(AccountFixture.Limit(Side.Sell, 400_000, 1), _test.Market, 1));
    }

    [Theory]
    [InlineData(TradingState.Halted, false, RejectReason.SymbolNotTrading)]
    [InlineData(TradingState.Halted, true, RejectReason.SymbolNotTrading)]
    [InlineData(TradingState.ReduceOnly, false, RejectReason.SymbolNotTrading)]
    [InlineData(TradingState.ReduceOnly, true, RejectReason.None)]
    public void A_symbol_takes_what_its_state_allows(TradingState state, bool isReducing, RejectReason expected)
    {
        _test.Fill(0, Side.Buy, 500_000, 10);
        _test.Market[0].State = state;
        OrderTerms terms = AccountFixture.Limit(Side.Sell, 500_000, 10);
        terms.Flags = isReducing ? OrderFlags.ReduceOnly : OrderFlags.None;
        Assert.Equal(expected, _test.Account.JudgePlace(in terms, _test.Market, 1));
    }

    private RejectReason Adjust(string amount) =>
        _test.Account.AdjustMargin(default, 0, PositionSide.Both, AccountFixture.Money(amount), _test.Market);

    private PriceRange Range()
    {
        Assert.Equal(WatchOutcome.RangesChanged, _test.Account.Watch(_test.Market));
        Assert.True(_test.Account.TryTakeRange(out int symbol, out PriceRange range));
        Assert.Equal(0, symbol);
        return range;
    }
}
