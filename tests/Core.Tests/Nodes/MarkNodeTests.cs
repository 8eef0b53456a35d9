using Exchange.Core.Instruments;
using Exchange.Core.Marks;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Orders;
using Exchange.Core.Tests.Instruments;

namespace Exchange.Core.Tests.Nodes;

public sealed class MarkNodeTests
{
    private static readonly Instrument Btc = TestInstruments.Btc();
    private readonly FakeHost _host = new() { NowMs = 1_000_500 };
    private readonly MarkNode _mark;

    public MarkNodeTests()
    {
        _mark = new MarkNode(_host, 0);
        _mark.Start();
        _mark.Receive(NodeId.Operator, new InstrumentMessage(1, Btc, TradingState.Trading));
        Post(1, 500_000);
        _host.Sent.Clear();
    }

    [Fact]
    public void An_index_that_comes_late_is_not_posted_over_a_newer_one()
    {
        Post(3, 501_000);
        Post(2, 510_000);

        Assert.Equal(501_000 * Btc.TickE8, _mark.Mark!.IndexE8);
        Assert.Equal([3UL], _host.Take<IndexTakenMessage>().Select(taken => taken.Number));
    }

    [Fact]
    public void A_range_waits_for_the_next_mark_and_is_told_durable_with_it()
    {
        Register(new PriceRange(7, 1, 1, 490_000, long.MaxValue));
        Assert.Empty(_host.Take<RangeTakenMessage>());

        _host.NowMs += 1_000;
        _mark.Tick();

        RangeTakenMessage taken = Assert.Single(_host.Take<RangeTakenMessage>());
        Assert.Equal((1u, 1UL), (taken.Epoch, taken.Number));
        Assert.True(_mark.Mark!.Alarms.TryGet(7, out _));
    }

    [Fact]
    public void A_range_that_the_mark_is_outside_of_wakes_at_once_and_with_every_mark_until_a_newer_one_comes()
    {
        Register(new PriceRange(7, 1, 1, 505_000, long.MaxValue));
        Assert.Single(_host.Take<WakeMessage>());

        for (int second = 0; second < 3; second++)
            NextMark();
        Assert.Equal(3, _host.Take<WakeMessage>().Length);

        Register(new PriceRange(7, 1, 2, 400_000, long.MaxValue));
        NextMark();
        Assert.Empty(_host.Take<WakeMessage>());
    }

    [Fact]
    public void A_round_is_said_with_every_mark_until_the_book_has_taken_it()
    {
        _host.NowMs += Btc.FundingIntervalMs;
        Post(2, 500_000);
        NextMark();
        FundingRoundMessage[] said = _host.Take<FundingRoundMessage>();
        NextMark();

        Assert.NotEmpty(said);
        Assert.Single(_host.Take<FundingRoundMessage>());
        _mark.Receive(NodeId.Book(0), new FundingRoundTakenMessage(said[0].Round.Id));
        NextMark();
        Assert.Empty(_host.Take<FundingRoundMessage>());
        Assert.True(_mark.IsAtRest);
    }

    [Fact]
    public void A_held_mark_is_said_again_so_that_a_new_table_hears_of_it()
    {
        _host.NowMs += 60_000;
        _mark.Tick();

        Assert.True(_mark.Mark!.IsStaleAt(_host.NowMs));
        Assert.Contains(_host.Sent, sent => sent.To == NodeId.Boards && sent.Message is MarkMessage { Update.Number: 1 });
    }

    [Fact]
    public void What_is_done_by_hand_is_done_once_by_its_number_and_answered_again()
    {
        var set = new SetMarkMessage(1, 501_000);
        var settle = new SettleFundingMessage(2, 10_000);
        foreach (NodeMessage message in (NodeMessage[])[set, set, settle, settle, set])
            _mark.Receive(NodeId.Operator, message);

        Assert.Equal([501_000L], _host.Take<MarkMessage>().Select(mark => mark.Update.Ticks).Distinct());
        Assert.Equal([new FundingRound(1, 10_000, 501_000)], _host.Take<FundingRoundMessage>().Select(round => round.Round).Distinct());
        Assert.Equal([1UL, 1, 2, 2], _host.Take<HandTakenMessage>().Select(taken => taken.Number));
        Assert.Equal(1, _mark.Mark!.LastRound.Id);
    }

    [Fact]
    public void A_round_by_hand_waits_until_the_book_has_the_one_before()
    {
        _mark.Receive(NodeId.Operator, new SettleFundingMessage(1, 10_000));
        _mark.Receive(NodeId.Operator, new SettleFundingMessage(2, 20_000));
        Assert.Single(_host.Take<HandTakenMessage>());

        _mark.Receive(NodeId.Book(0), new FundingRoundTakenMessage(1));
        _mark.Receive(NodeId.Operator, new SettleFundingMessage(2, 20_000));

        Assert.Equal(new FundingRound(2, 20_000, 500_000), _mark.Mark!.LastRound);
    }

    [Fact]
    public void A_mark_by_hand_is_that_of_a_symbol_without_an_index_and_never_ages()
    {
        var mark = new MarkNode(_host, 0);
        mark.Receive(NodeId.Operator, new InstrumentMessage(1, Btc, TradingState.Trading));
        mark.Receive(NodeId.Operator, new SetMarkMessage(1, 480_000));
        _host.NowMs += 60_000;
        mark.Tick();

        Assert.Equal(new MarkUpdate(2, 480_000, _host.NowMs), _host.Take<MarkMessage>()[^1].Update with { Gap = default });
    }

    [Fact]
    public void A_settlement_price_is_the_mark_from_then_on_and_taken_once_whom_it_woke_is_safe()
    {
        Register(new PriceRange(7, 1, 1, 490_000, long.MaxValue));
        var delisted = new InstrumentMessage(2, Btc, TradingState.Halted, 480_000);
        _mark.Receive(NodeId.Operator, delisted);
        Assert.Single(_host.Take<WakeMessage>());
        Post(2, 500_000);
        NextMark();

        Assert.Equal([RejectReason.SymbolNotTrading], _host.Take<IndexTakenMessage>().Select(taken => taken.Reason));
        Assert.Empty(_host.Take<InstrumentTakenMessage>());
        Register(new PriceRange(7, 1, 2, 0, long.MaxValue));
        NextMark();
        _mark.Receive(NodeId.Operator, delisted);
        Assert.Single(_host.Take<InstrumentTakenMessage>());
        Assert.All(_host.Take<MarkMessage>(), mark => Assert.Equal(480_000, mark.Update.Ticks));
    }

    [Fact]
    public void Whom_a_settlement_price_woke_is_not_waited_for_without_end()
    {
        Register(new PriceRange(7, 1, 1, 490_000, long.MaxValue));
        var delisted = new InstrumentMessage(2, Btc, TradingState.Halted, 480_000);
        _mark.Receive(NodeId.Operator, delisted);
        _host.NowMs += NodeSettings.Default.SettlementPatienceMs;
        _mark.Receive(NodeId.Operator, delisted);

        Assert.Single(_host.Take<InstrumentTakenMessage>());
    }

    private void NextMark()
    {
        _host.NowMs += 1_000;
        _mark.Tick();
    }

    private void Post(ulong number, long ticks) => _mark.Receive(NodeId.Operator, new IndexMessage(number, ticks * Btc.TickE8));

    private void Register(PriceRange range) => _mark.Receive(NodeId.Account(range.Account), new RangeMessage(range));
}
