using Exchange.Core.Books;
using Exchange.Core.Marks;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Orders;
using Exchange.Core.Tests.Instruments;
using Exchange.Core.Wire;

namespace Exchange.Core.Tests.Nodes;

public sealed class BookNodeTests
{
    private readonly FakeHost _host = new();
    private readonly BookNode _book;

    public BookNodeTests()
    {
        _book = new BookNode(_host, 0);
        _book.Start();
        _book.Receive(NodeId.Operator, new InstrumentMessage(1, TestInstruments.Btc(), TradingState.Trading));
        _book.Receive(NodeId.Mark(0), new MarkMessage(0, new MarkUpdate(1, 500_000, 1_000_000)));
        foreach (uint account in (uint[])[1, 2])
            _book.Receive(NodeId.Account(account), new RegisterMessage(account, 1, 0, 0, 0));
        _host.Sent.Clear();
    }

    [Fact]
    public void Its_journal_and_its_snapshot_give_the_same_book()
    {
        Trade();
        byte[] snapshot = Snapshot(_book);
        int records = _host.Records.Count;
        Place(1, batch: 2, Side.Buy, 499_000);

        BookNode replayed = Followed(null);
        BookNode restored = Followed(snapshot);

        Assert.True(records < _host.Records.Count);
        Assert.Equal(Snapshot(_book), Snapshot(replayed));
        Assert.Equal(Snapshot(_book), Snapshot(restored));
    }

    [Fact]
    public void A_batch_is_one_record_and_is_answered_with_the_takers_events_while_the_maker_is_pushed_his()
    {
        int before = _host.Records.Count;
        Trade();

        Assert.Equal(before + 2, _host.Records.Count);
        BatchAnswer answer = _host.Take<BatchAnswer>()[^1];
        Assert.Equal((RejectReason.None, 1UL << 40 | 1), (answer.Outcomes[0].Reason, answer.Outcomes[0].OrderId));
        Assert.Equal([BookEventKind.Accepted, BookEventKind.Fill], answer.Events.Select(e => e.Kind));
        EventsMessage pushed = Assert.Single(_host.Take<EventsMessage>());
        Assert.Equal((BookEventKind.Fill, 1u, 2UL), (pushed.Events[0].Kind, pushed.Events[0].Account, pushed.UpTo));
    }

    [Fact]
    public void Events_are_sent_again_ever_more_seldom_until_they_are_acknowledged()
    {
        Trade();
        _host.Take<EventsMessage>();
        var times = new List<long>();
        for (long start = _host.NowMs; _host.NowMs < start + 40_000; _host.NowMs += 100)
        {
            _book.Tick();
            if (_host.Take<EventsMessage>().Any(events => events.Events[0].Account == 1))
                times.Add(_host.NowMs - start);
        }

        Assert.Equal([5_000, 15_000, 35_000], times);
        foreach (uint account in (uint[])[1, 2])
            _book.Receive(NodeId.Account(account), new AcknowledgeMessage(account, 1, new Acknowledgement(2, 0, 0)));
        _host.NowMs += 100_000;
        _book.Tick();
        Assert.Empty(_host.Take<EventsMessage>());
        Assert.True(_book.IsAtRest);
    }

    [Fact]
    public void Without_anything_unacknowledged_it_is_called_for_its_samples_alone()
    {
        _book.Tick();
        _host.Take<SampleMessage>();

        Assert.Equal((_host.NowMs / 1_000 + 1) * 1_000, _book.NextTickMs);
    }

    [Fact]
    public void It_steps_down_when_an_account_knows_events_that_it_has_never_given()
    {
        int before = _host.Records.Count;

        _book.Receive(NodeId.Account(1), new AcknowledgeMessage(1, 1, new Acknowledgement(7, 0, 0)));

        Assert.Contains("event 7", _host.SteppedDown, StringComparison.Ordinal);
        Assert.Equal(before, _host.Records.Count);
    }

    [Fact]
    public void A_lower_version_of_its_instrument_changes_nothing_and_open_orders_refuse_other_settings()
    {
        Place(1, batch: 1, Side.Buy, 499_000);
        var other = TestInstruments.Create(TestInstruments.BtcSettings() with { MinLots = 2 });

        _book.Receive(NodeId.Operator, new InstrumentMessage(2, other, TradingState.Halted));
        _book.Receive(NodeId.Operator, new InstrumentMessage(1, TestInstruments.Btc(), TradingState.Trading));

        Assert.All(_host.Take<InstrumentTakenMessage>(), taken => Assert.Equal((2UL, RejectReason.OpenOrders), (taken.Version, taken.Reason)));
        Assert.Equal((TradingState.Halted, 1L), (_book.Book!.State, _book.Book.Instrument.MinLots));
    }

    [Fact]
    public void Time_never_goes_back()
    {
        Place(1, batch: 1, Side.Buy, 499_000);
        long seen = _book.TimeMs;
        _host.NowMs -= 3_600_000;

        Place(1, batch: 2, Side.Buy, 498_000);

        Assert.Equal(seen, _book.TimeMs);
        Assert.All(_host.Take<BatchAnswer>(), answer => Assert.All(answer.Events, e => Assert.Equal(seen, e.TimeMs)));
    }

    [Fact]
    public void A_delisting_cancels_and_then_settles_so_many_accounts_at_a_time_and_is_told_when_it_is_done()
    {
        BookNode book = WithPositions(accounts: 6);
        for (uint account = 1; account <= 6; account++)
            Place(book, account, batch: 2, Side.Buy, 490_000);
        var halted = new InstrumentMessage(2, TestInstruments.Btc(), TradingState.Halted, 499_000);
        book.Receive(NodeId.Operator, halted);
        Assert.Empty(_host.Take<InstrumentTakenMessage>());
        Assert.Equal(3, TicksUntilRest(book));
        book.Receive(NodeId.Operator, halted);
        Assert.Single(_host.Take<InstrumentTakenMessage>());
        Assert.Equal(0, book.Book!.OpenOrderCount);

        book.Receive(NodeId.Operator, halted with { Version = 3, State = TradingState.Settled });
        Assert.Empty(_host.Take<InstrumentTakenMessage>()); // It has not heard of the price as its mark.
        book.Receive(NodeId.Mark(0), new MarkMessage(0, new MarkUpdate(2, 499_000, 1_000_000)));
        book.Receive(NodeId.Operator, halted with { Version = 3, State = TradingState.Settled });
        Assert.Equal(TradingState.Settled, book.Book.State);
        byte[] underWay = Snapshot(book);
        Assert.Equal(3, TicksUntilRest(book));
        book.Receive(NodeId.Operator, halted with { Version = 3, State = TradingState.Settled });

        Assert.Single(_host.Take<InstrumentTakenMessage>());
        Assert.All(Enumerable.Range(1, 6), account => Assert.Equal(0, book.Book.Position((uint)account, 0)));
        Assert.Equal(Snapshot(book), Snapshot(Followed(underWay)));
        Assert.Equal(Snapshot(book), Snapshot(Followed(null)));
    }

    [Fact]
    public void A_liquidations_close_is_told_that_its_position_is_settled_though_its_turn_had_not_come()
    {
        BookNode book = WithPositions(accounts: 6);
        book.Receive(NodeId.Mark(0), new MarkMessage(0, new MarkUpdate(2, 499_000, 1_000_000)));
        book.Receive(NodeId.Operator, new InstrumentMessage(2, TestInstruments.Btc(), TradingState.Settled, 499_000));
        ulong known = book.Book!.LastNumber(6);
        var close = new BookInput
        {
            Kind = BookInputKind.CloseFull, Account = 6, Epoch = 1, Batch = 2, Count = 1, Liquidation = 1, BankruptcyTicks = 499_000, Number = known,
        };
        book.Receive(NodeId.Account(6), new BatchMessage(6, 1, 2, known, default, [close]));

        BatchAnswer answer = _host.Take<BatchAnswer>()[^1];
        Assert.Equal(RejectReason.Moved, answer.Outcomes[0].Reason);
        Assert.Equal((BookEventKind.Settled, 499_000L), (answer.Events[0].Kind, answer.Events[0].PriceTicks));
        Assert.NotEqual(0, book.Book.Position(5, 0));
    }

    /// <summary>A book of slices of two accounts, where odd ones are long and even ones short.</summary>
    private BookNode WithPositions(uint accounts)
    {
        _host.Records.Clear();
        var book = new BookNode(_host, 0, NodeSettings.Default with { SliceAccounts = 2 });
        book.Start();
        book.Receive(NodeId.Operator, new InstrumentMessage(1, TestInstruments.Btc(), TradingState.Trading));
        book.Receive(NodeId.Mark(0), new MarkMessage(0, new MarkUpdate(1, 500_000, 1_000_000)));
        for (uint account = 1; account <= accounts; account++)
        {
            book.Receive(NodeId.Account(account), new RegisterMessage(account, 1, 0, 0, 0));
            Place(book, account, batch: 1, account % 2 == 1 ? Side.Buy : Side.Sell, 500_000);
        }

        _host.Sent.Clear();
        return book;
    }

    /// <summary>How often it wants to be called at once.</summary>
    private int TicksUntilRest(BookNode book)
    {
        int ticks = 0;
        for (; book.NextTickMs <= _host.NowMs; ticks++)
            book.Tick();
        return ticks;
    }

    private void Trade()
    {
        Place(1, batch: 1, Side.Buy, 500_000);
        Place(2, batch: 1, Side.Sell, 500_000);
    }

    private void Place(uint account, uint batch, Side side, long priceTicks) => Place(_book, account, batch, side, priceTicks);

    private static void Place(BookNode book, uint account, uint batch, Side side, long priceTicks)
    {
        var command = new BookInput
        {
            Kind = BookInputKind.Place, Account = account, Epoch = 1, Batch = batch, Count = 1, ReserveTicks = priceTicks, WorstTicks = priceTicks,
            Terms = new OrderTerms { Side = side, PriceTicks = priceTicks, Lots = 1, Fields = OrderFields.Price | OrderFields.Lots },
        };
        book.Receive(NodeId.Account(account), new BatchMessage(account, 1, batch, 0, default, [command]));
    }

    private BookNode Followed(byte[]? snapshot)
    {
        var node = new BookNode(new FakeHost(), 0);
        if (snapshot is not null)
            node.Restore(snapshot);
        foreach (byte[] record in _host.Records.Skip((int)node.Sequence))
            node.Replay(record);
        return node;
    }

    private static byte[] Snapshot(JournaledNode node)
    {
        var writer = new SnapshotWriter();
        node.WriteSnapshot(writer);
        return writer.Written.ToArray();
    }
}
