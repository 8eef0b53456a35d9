using Exchange.Core.Books;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core.Tests.Engines;

/// <summary>Single commands that random scripts found wanting.</summary>
public sealed class EngineCommandTests
{
    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(3)]
    public void A_symbol_nobody_listed_is_answered_whatever_its_number(int symbol)
    {
        var venue = new EngineFixture(1);

        Assert.Equal(RejectReason.UnknownOrder, venue.Apply(new Command { Kind = CommandKind.Cancel, Account = 1, Symbol = symbol }));
        Assert.Equal(RejectReason.UnknownSymbol, venue.Apply(new Command { Kind = CommandKind.SetLeverage, Account = 1, Symbol = symbol, Leverage = 5 }));
        Assert.Equal(RejectReason.UnknownSymbol, venue.Apply(new Command { Kind = CommandKind.SetMark, Symbol = symbol, PriceTicks = 1 }));
        Assert.Equal(RejectReason.UnknownSymbol, venue.Apply(new Command
        {
            Kind = CommandKind.Place,
            Account = 1,
            Terms = new OrderTerms { Symbol = symbol, Lots = 1, PriceTicks = 1, Fields = OrderFields.Price | OrderFields.Lots },
        }));
    }

    [Fact]
    public void A_triggered_close_position_order_is_told_with_the_position_as_its_total()
    {
        var venue = new EngineFixture(1, 2);
        venue.Limit(2, 0, Side.Sell, 7, 10_000);
        venue.Limit(1, 0, Side.Buy, 7, 10_000);
        venue.Place(1, new OrderTerms
        {
            Type = OrderType.StopMarket,
            TimeInForce = TimeInForce.Ioc,
            Side = Side.Sell,
            StopTicks = 9_950,
            Flags = OrderFlags.ClosePosition | OrderFlags.WorkingMark,
            Fields = OrderFields.Stop,
        });

        venue.Mark(0, 9_950);

        Assert.Equal(7, venue.Told(BookEventKind.Triggered).Change.OrderTotalLots);
    }

    [Fact]
    public void A_frozen_account_keeps_its_position_and_nothing_else_moves()
    {
        var venue = new EngineFixture(1, 2);
        venue.Limit(2, 0, Side.Sell, 5, 10_000);
        venue.Limit(1, 0, Side.Buy, 5, 10_000);
        ulong resting = venue.Limit(1, 0, Side.Buy, 5, 9_900);

        Assert.Equal(RejectReason.None, venue.Apply(new Command { Kind = CommandKind.SetAccountState, Account = 1, State = TradingState.Halted }));

        Assert.Equal((resting, EndReason.Frozen), (venue.Told(BookEventKind.Canceled).Book.OrderId, venue.Told(BookEventKind.Canceled).Book.Reason));
        Assert.Equal(5, venue.Position(1, 0));
        Command[] barred =
        [
            Order(1, Side.Buy, OrderFlags.None), Order(1, Side.Sell, OrderFlags.ReduceOnly),
            new() { Kind = CommandKind.Withdraw, Account = 1, Amount = 1 },
            new() { Kind = CommandKind.SetLeverage, Account = 1, Leverage = 3 },
            new() { Kind = CommandKind.SetMarginMode, Account = 1, Symbol = 1, MarginMode = MarginMode.Isolated },
            new() { Kind = CommandKind.SetPositionMode, Account = 1, Hedge = true },
            new() { Kind = CommandKind.AdjustMargin, Account = 1, Amount = 1 },
        ];
        Assert.All(barred, command => Assert.Equal(RejectReason.AccountFrozen, venue.Apply(command)));
        Assert.Equal(RejectReason.None, venue.Apply(new Command { Kind = CommandKind.Deposit, Account = 1, Amount = 1 }));

        venue.Apply(new Command { Kind = CommandKind.SetAccountState, Account = 1 });
        venue.Limit(1, 0, Side.Buy, 5, 9_900);
    }

    [Fact]
    public void A_reduce_only_account_keeps_its_orders_and_only_closes()
    {
        var venue = new EngineFixture(1, 2);
        venue.Limit(2, 0, Side.Sell, 5, 10_000);
        venue.Limit(1, 0, Side.Buy, 5, 10_000);
        ulong resting = venue.Limit(1, 0, Side.Buy, 5, 9_900);

        venue.Apply(new Command { Kind = CommandKind.SetAccountState, Account = 1, State = TradingState.ReduceOnly });

        Assert.Equal(RejectReason.AccountReduceOnly, venue.Apply(Order(1, Side.Buy, OrderFlags.None)));
        Assert.Equal(RejectReason.AccountReduceOnly, venue.Apply(new Command
        {
            Kind = CommandKind.Amend, Account = 1, OrderId = resting, PriceTicks = 9_950, Fields = OrderFields.Price,
        }));
        Assert.Equal(RejectReason.None, venue.Apply(Order(1, Side.Sell, OrderFlags.ReduceOnly)));
        Assert.Equal(RejectReason.None, venue.Apply(new Command { Kind = CommandKind.Cancel, Account = 1, OrderId = resting }));
        Assert.Equal(RejectReason.None, venue.Apply(new Command { Kind = CommandKind.Withdraw, Account = 1, Amount = 1 }));
    }

    private static Command Order(uint account, Side side, OrderFlags flags) => new()
    {
        Kind = CommandKind.Place,
        Account = account,
        Terms = new OrderTerms { Side = side, Lots = 5, PriceTicks = 10_000, Flags = flags, Fields = OrderFields.Price | OrderFields.Lots },
    };

    [Fact]
    public void A_halted_symbol_pays_no_funding_until_it_trades_again()
    {
        const int symbol = 2;
        var venue = new EngineFixture(1, 2);
        venue.Apply(new Command { Kind = CommandKind.SetIndex, Symbol = symbol, Amount = 2_000_000_000 });
        venue.Limit(2, symbol, Side.Sell, 10, 2_000);
        venue.Limit(1, symbol, Side.Buy, 10, 2_000);
        venue.Apply(new Command { Kind = CommandKind.SetState, Symbol = symbol, State = TradingState.Halted });

        venue.Apply(new Command { Kind = CommandKind.SetIndex, Symbol = symbol, Amount = 2_000_000_000 }, InstrumentLimits.HourMs - 2_000);
        venue.Apply(new Command { Kind = CommandKind.Time }, InstrumentLimits.HourMs);
        Assert.False(venue.HasTold(BookEventKind.Funding));

        venue.Apply(new Command { Kind = CommandKind.SetState, Symbol = symbol, State = TradingState.Trading });
        venue.Apply(new Command { Kind = CommandKind.Time }, InstrumentLimits.HourMs + 2_000);
        Assert.True(venue.HasTold(BookEventKind.Funding));
    }

    [Fact]
    public void The_premium_is_measured_as_deep_in_the_book_as_the_impact_notional_reaches()
    {
        const int symbol = 2;
        var venue = new EngineFixture(1, 2, 3, 4);
        venue.Limit(1, symbol, Side.Buy, 6_000, 2_000);
        venue.Limit(2, symbol, Side.Buy, 6_000, 1_990);
        venue.Limit(3, symbol, Side.Sell, 6_000, 2_001);
        venue.Limit(4, symbol, Side.Sell, 6_000, 2_011);

        venue.Apply(new Command { Kind = CommandKind.SetIndex, Symbol = symbol, Amount = 1_900_000_000 });
        venue.Apply(new Command { Kind = CommandKind.Time }, 5_000);

        // 6,000 lots at 20 USDT, the rest of 20,000 USDT at 19.90: 5.052 % over the index, less the clamp, an eighth of it.
        Assert.Equal(625_249, venue.Engine.Marks[symbol].PredictedFundingRateE8);
    }

    [Fact]
    public void One_symbol_more_than_there_may_be_is_refused()
    {
        var engine = new Engine { MaxSymbols = 2 };
        var output = new EngineOutput();
        List<RejectReason> reasons = [];
        foreach (Instrument instrument in EngineInstruments.Create())
        {
            engine.Apply(new Command { Kind = CommandKind.ListInstrument }, 1, output, instrument);
            reasons.Add(output.Reason);
        }

        Assert.Equal([RejectReason.None, RejectReason.None, RejectReason.InstrumentRefused], reasons);
        Assert.Equal(2, engine.Books.Count);
    }
}
