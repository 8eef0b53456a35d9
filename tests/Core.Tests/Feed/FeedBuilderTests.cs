using Exchange.Core.Books;
using Exchange.Core.Feed;
using Exchange.Core.Marks;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Tests.Instruments;

namespace Exchange.Core.Tests.Feed;

public sealed class FeedBuilderTests
{
    private const uint Alice = 1;
    private const uint Bob = 2;

    private readonly FeedBuilder _builder = new([new Mark(TestInstruments.Btc())]);
    private readonly EngineOutput _output = new();
    private readonly FeedBuffer _feed = new(1);

    [Fact]
    public void Feed_events_have_80_bytes() => Assert.Equal(80, System.Runtime.CompilerServices.Unsafe.SizeOf<FeedEvent>());

    [Fact]
    public void A_trade_is_told_to_both_accounts_and_once_to_the_public()
    {
        ref EngineEvent accepted = ref Book(BookEventKind.Accepted, Alice, order: 7);
        accepted.Book.PriceTicks = 101;
        accepted.Book.Lots = 5;
        ref EngineEvent taker = ref Fill(Alice, order: 7, leaves: 2, total: 5);
        taker.Change.FeeE8 = 10;
        taker.Change.RealisedE8 = 20;
        taker.Change.WalletDeltaE8 = 10;
        taker.Change.WalletE8 = 1_010;
        taker.Change.IsPositionChanged = true;
        taker.Change.PositionLots = -4;
        taker.Change.CostE8 = 400;
        taker.Change.IsolatedE8 = 40;
        Fill(Bob, order: 3, leaves: 0, total: 9, BookEventFlags.Sell | BookEventFlags.Maker);
        _output.AddLevel(new LevelChange(0, Side.Sell, 100, 0));
        _output.AddLevel(new LevelChange(0, Side.Buy, 101, 2));

        FeedEvent[] events = Build(new Command { Kind = CommandKind.Place, Account = Alice });

        Assert.Equal(
            [
                "OrderAccepted of 1: 7 New, 5 at 101", "Fill of 1: 7 None, 3 at 100", "OrderUpdated of 1: 7 PartiallyFilled, 5 at 0",
                "Trade of 0: 44 None, 3 at 100", "Position of 1: 0 None, -4 at 0", "Balance of 1: 0 None, 0 at 0",
                "Fill of 2: 3 None, 3 at 100", "OrderUpdated of 2: 3 Filled, 9 at 0", "Level of 0: 1 None, 2 at 101",
            ],
            events.Select(Text));
        Assert.Equal((44L, 10L, 20L, FeedFlags.None), (events[1].Other, events[1].Amount, events[1].Money, events[1].Flags));
        Assert.Equal(3, events[2].Other);
        Assert.Equal((400L, 40L), (events[4].Amount, events[4].Money));
        Assert.Equal((10L, 1_010L, (byte)BalanceCause.Fill), (events[5].Amount, events[5].Money, events[5].Reason));
        Assert.Equal((Side.Sell, FeedFlags.Maker), (events[6].Side, events[6].Flags));
        Assert.Equal(9, events[7].Other);
        Assert.All(events, e => Assert.Equal((12ul, 34L, 0), (e.Sequence, e.TimeMs, e.Symbol)));
    }

    [Fact]
    public void A_conditional_order_waits_and_is_new_once_triggered()
    {
        Book(BookEventKind.Accepted, Alice, order: 7);
        var command = new Command { Kind = CommandKind.Place, Account = Alice, Terms = new OrderTerms { Type = OrderType.StopMarket } };
        Assert.Equal("OrderAccepted of 1: 7 Waiting, 0 at 0", Text(Assert.Single(Build(command))));

        ref EngineEvent triggered = ref Book(BookEventKind.Triggered, Alice, order: 7);
        triggered.Book.Lots = 6;
        triggered.Book.LeavesLots = 6;
        ref EngineEvent trimmed = ref Book(BookEventKind.Trimmed, Alice, order: 7);
        trimmed.Book.Lots = 5;
        trimmed.Book.LeavesLots = 3;

        FeedEvent[] events = Build(default);

        Assert.Equal(["OrderUpdated of 1: 7 New, 6 at 0", "OrderUpdated of 1: 7 PartiallyFilled, 5 at 0"], events.Select(Text));
        Assert.Equal([0, 2], events.Select(e => e.Other));
    }

    [Theory]
    [InlineData(BookEventKind.Canceled, EndReason.Countdown, OrderStatus.Canceled)]
    [InlineData(BookEventKind.Expired, EndReason.Ioc, OrderStatus.Expired)]
    public void An_end_tells_why_and_how_much_was_filled(BookEventKind kind, EndReason reason, OrderStatus status)
    {
        ref EngineEvent end = ref Book(kind, Alice, order: 7);
        end.Book.Reason = reason;
        end.Book.Lots = 2;
        end.Book.PriceTicks = 99;
        end.Change.OrderTotalLots = 5;

        FeedEvent told = Assert.Single(Build(default));

        Assert.Equal((status, (byte)reason, 5L, 3L, 99L), (told.Status, told.Reason, told.Lots, told.Other, told.PriceTicks));
    }

    [Fact]
    public void A_liquidations_fill_has_no_order_and_its_trade_says_so()
    {
        ref EngineEvent begin = ref Book(BookEventKind.Liquidation, Alice, order: 5);
        begin.Book.LeavesLots = 2;
        Fill(Alice, order: 0, leaves: 0, total: 0, BookEventFlags.Sell | BookEventFlags.Liquidation).Change.WalletDeltaE8 = -1;
        Fill(Bob, order: 3, leaves: 1, total: 9, BookEventFlags.Maker | BookEventFlags.AgainstLiquidation);

        FeedEvent[] events = Build(default);

        Assert.Equal(
            [FeedKind.Liquidation, FeedKind.Fill, FeedKind.Trade, FeedKind.Balance, FeedKind.Fill, FeedKind.OrderUpdated],
            events.Select(e => e.Kind));
        Assert.Equal((5ul, 2L), (events[0].Id, events[0].Other));
        Assert.Equal(FeedFlags.Liquidation, events[1].Flags);
        Assert.Equal(FeedFlags.Liquidation, events[2].Flags);
        Assert.Equal((byte)BalanceCause.Liquidation, events[3].Reason);
        Assert.Equal(FeedFlags.Maker, events[4].Flags);
    }

    [Fact]
    public void Auto_deleveraging_is_a_fill_without_a_trade()
    {
        ref EngineEvent adl = ref Book(BookEventKind.Adl, Bob, order: 0);
        adl.Book.Lots = 4;
        adl.Change.IsPositionChanged = true;
        adl.Change.WalletDeltaE8 = 3;

        FeedEvent[] events = Build(default);

        Assert.Equal([FeedKind.Fill, FeedKind.Position, FeedKind.Balance], events.Select(e => e.Kind));
        Assert.Equal(FeedFlags.Adl, events[0].Flags);
        Assert.Equal((byte)BalanceCause.Adl, events[2].Reason);
    }

    [Fact]
    public void Every_movement_of_the_fund_tells_what_it_holds_after()
    {
        Build(new Command { Kind = CommandKind.SeedInsurance, Amount = 1_000 });
        ref EngineEvent shortfall = ref Book(BookEventKind.Insurance, Alice, order: 0);
        shortfall.Book.Amount = 300;
        shortfall.Change.WalletDeltaE8 = 300;
        Venue(EngineEventKind.FundingRemainder).Book.Amount = 2;
        ref EngineEvent debt = ref Venue(EngineEventKind.BadDebt, Alice);
        debt.Book.Amount = 100;
        debt.Change.WalletE8 = 0;

        FeedEvent[] events = Build(default);

        Assert.Equal(
            [(-300, 700), (2, 702), (-100, 602)],
            events.Where(e => e.Kind == FeedKind.Insurance).Select(e => (e.Amount, e.Money)));
        Assert.Equal(
            [BalanceCause.Liquidation, BalanceCause.BadDebt],
            events.Where(e => e.Kind == FeedKind.Balance).Select(e => (BalanceCause)e.Reason));
        Assert.Equal(602, _builder.FundE8);
    }

    [Fact]
    public void A_refused_seed_is_not_told()
    {
        _output.Reason = RejectReason.AmountRange;

        Assert.Empty(Build(new Command { Kind = CommandKind.SeedInsurance, Amount = -1 }));
    }

    [Fact]
    public void Wallets_marks_settings_and_states_are_told()
    {
        ref EngineEvent deposit = ref Venue(EngineEventKind.Deposit, Alice);
        deposit.Book.Amount = 50;
        deposit.Change.WalletE8 = 75;
        Venue(EngineEventKind.Setting, Alice);
        Venue(EngineEventKind.Mark).Book.PriceTicks = 500;
        Venue(EngineEventKind.Instrument).Book.Lots = (long)TradingState.Halted;
        Venue(EngineEventKind.Account, Alice);

        FeedEvent[] events = Build(new Command { Kind = CommandKind.SetState, State = TradingState.Halted });

        Assert.Equal([FeedKind.Balance, FeedKind.Setting, FeedKind.Mark, FeedKind.Instrument], events.Select(e => e.Kind));
        Assert.Equal((50L, 75L, (byte)BalanceCause.Deposit), (events[0].Amount, events[0].Money, events[0].Reason));
        Assert.Equal(500, events[2].PriceTicks);
        Assert.Equal((byte)TradingState.Halted, events[3].Reason);
    }

    [Fact]
    public void Levels_are_told_symbol_by_symbol()
    {
        _output.AddLevel(new LevelChange(1, Side.Buy, 5, 1));
        _output.AddLevel(new LevelChange(0, Side.Buy, 6, 1));
        _output.AddLevel(new LevelChange(1, Side.Buy, 7, 1));

        Assert.Equal([(1, 1ul), (1, 2ul), (0, 1ul)], Build(default).Select(e => (e.Symbol, e.Id)));
    }

    [Fact]
    public void Once_warm_nothing_is_allocated()
    {
        Build(1_000);
        Allocations.AssertNone(() => Build(1_000));

        void Build(int count)
        {
            for (int i = 0; i < count; i++)
            {
                _output.Clear();
                _feed.Clear();
                Fill(Alice, order: 7, leaves: 2, total: 5).Change.WalletDeltaE8 = 1;
                Fill(Bob, order: 8, leaves: 0, total: 5, BookEventFlags.Maker);
                for (int level = 1; level <= 40; level++)
                    _output.AddLevel(new LevelChange(level & 1, Side.Buy, level * (1 + (i % 10)), (i + level) & 1));
                _builder.Build(default, 1, 1, _output, _feed);
            }
        }
    }

    private FeedEvent[] Build(in Command command)
    {
        _feed.Clear();
        _builder.Build(in command, sequence: 12, timeMs: 34, _output, _feed);
        _output.Clear();
        return _feed.Events.ToArray();
    }

    private ref EngineEvent Book(BookEventKind kind, uint account, ulong order)
    {
        ref EngineEvent e = ref Venue(EngineEventKind.Book, account);
        e.Book.Kind = kind;
        e.Book.OrderId = order;
        return ref e;
    }

    private ref EngineEvent Fill(uint account, ulong order, long leaves, long total, BookEventFlags flags = BookEventFlags.None)
    {
        ref EngineEvent e = ref Book(BookEventKind.Fill, account, order);
        e.Book.Flags = flags;
        e.Book.PriceTicks = 100;
        e.Book.Lots = 3;
        e.Book.LeavesLots = leaves;
        e.Book.Amount = 44;
        e.Change.OrderTotalLots = total;
        return ref e;
    }

    private ref EngineEvent Venue(EngineEventKind kind, uint account = 0)
    {
        ref EngineEvent e = ref _output.Add();
        e = default;
        e.Kind = kind;
        e.Book.Account = account;
        return ref e;
    }

    private static string Text(FeedEvent e) => $"{e.Kind} of {e.Account}: {e.Id} {e.Status}, {e.Lots} at {e.PriceTicks}";
}
