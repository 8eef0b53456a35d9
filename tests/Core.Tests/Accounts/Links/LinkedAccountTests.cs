using Exchange.Core.Accounts.Links;
using Exchange.Core.Books;
using Exchange.Core.Marks;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Wire;

namespace Exchange.Core.Tests.Accounts.Links;

/// <summary>docs/protocol.md, message by message.</summary>
public sealed class LinkedAccountTests
{
    private readonly AccountOutput _output = new();
    private readonly MarketTable _market = new();
    private readonly LinkedAccount _linked = new(7);
    private long _nowMs = 1_000;
    private ulong _token;

    public LinkedAccountTests()
    {
        _market.Add(TestVenue.Bitcoin());
        _market[0].MarkTicks = 500_000;
        _linked.Start(1, _market, _nowMs, _output);
    }

    [Fact]
    public void A_transfer_is_answered_only_when_it_is_durable()
    {
        Submit(new Command { Kind = CommandKind.Deposit, Amount = 100, Key = new ClientKey(1, 1) });
        Assert.Equal([AccountMessageKind.Write], Kinds());

        _linked.OnWritten(1, _market, _nowMs, _output);
        Assert.Equal([AccountMessageKind.Reply, AccountMessageKind.Report], Kinds());
        Assert.Equal(100, _output.Messages[1].Totals.DepositsE8);
    }

    [Fact]
    public void The_first_order_in_a_book_waits_for_the_list_and_then_for_the_registration()
    {
        Fund();
        Submit(Place(1));
        Assert.Equal([AccountMessageKind.Write], Kinds());

        Written();
        Assert.Contains(AccountMessageKind.Register, Kinds());
        Assert.DoesNotContain(AccountMessageKind.Batch, Kinds());

        Registered();
        Assert.Equal([AccountMessageKind.Batch], Kinds().Where(k => k != AccountMessageKind.Range));
    }

    [Fact]
    public void One_batch_is_in_flight_and_the_next_takes_along_all_that_queued()
    {
        Enter();
        Submit(Place(1));
        Assert.Equal(1, Batch().Count);
        Submit(Place(2));
        Submit(Place(3));
        Assert.DoesNotContain(AccountMessageKind.Batch, Kinds());

        Answer(Refused(1));
        Assert.Equal(2, Batch().Count);
        Assert.Equal([(3u, (ushort)0), (3u, (ushort)1)], Sent().Select(c => (c.Batch, c.Index)));
    }

    [Fact]
    public void What_is_judged_by_a_setting_or_a_transfer_leaves_once_that_is_durable()
    {
        Enter();
        Submit(new Command { Kind = CommandKind.SetPositionMode, Hedge = true });
        ulong setting = LastWrite();
        Command hedged = Place(1);
        hedged.Terms.PositionSide = PositionSide.Long;
        Submit(hedged);
        Assert.DoesNotContain(AccountMessageKind.Batch, Kinds());

        // What comes while that write is under way waits for the next one; what was judged before does not.
        Submit(new Command { Kind = CommandKind.Deposit, Amount = 100, Key = new ClientKey(1, 9) });
        _linked.OnWritten(setting, _market, _nowMs, _output);
        Assert.Equal(1, Batch().Count);
        ulong deposit = LastWrite();
        hedged.Terms.ClientKey = new ClientKey(9, 2);
        Submit(hedged);
        Answer(Refused(1));
        Assert.DoesNotContain(AccountMessageKind.Batch, Kinds());
        _linked.OnWritten(deposit, _market, _nowMs, _output);
        Assert.Equal(1, Batch().Count);
    }

    [Fact]
    public void An_unanswered_batch_is_repeated_as_it_was()
    {
        Enter();
        Submit(Place(1));
        BookInput first = Sent()[0];
        _nowMs += LinkedAccount.RepeatMs;
        _linked.Tick(_market, _nowMs, _output);
        Assert.Equal(first, Sent()[0]);
    }

    [Fact]
    public void What_names_an_order_by_its_client_id_waits_until_the_book_has_answered_the_order_and_so_does_what_follows()
    {
        Enter();
        Submit(Place(5));
        Assert.Equal(1, Batch().Count);
        Submit(new Command { Kind = CommandKind.Cancel, Key = new ClientKey(9, 5) });
        Submit(new Command { Kind = CommandKind.CancelAll });
        Submit(Place(6));
        Assert.Empty(Replies());

        // Refused: so there is nothing to cancel, and nothing was open when all was canceled.
        Answer(Refused(1));
        Assert.Equal(
            [RejectReason.Overloaded, RejectReason.UnknownOrder, RejectReason.None], Replies().Select(reply => reply.Reason));
        Assert.Equal(BookInputKind.Place, Sent().Single().Kind);
    }

    [Fact]
    public void Answers_to_other_batches_and_epochs_are_ignored()
    {
        Enter();
        Submit(Place(1));
        Batch();
        _linked.OnAnswer(0, 1, 3, RejectReason.None, [default], [], 0, _market, _nowMs, _output);
        Assert.Empty(Kinds());
        _linked.OnAnswer(0, 2, 2, RejectReason.None, [default], [], 0, _market, _nowMs, _output);
        Assert.Empty(Kinds());
        Assert.NotEqual(0, _linked.Account.OpenOrderCount(0));

        Answer(Refused(1));
        Answer(Refused(1));
        Assert.Empty(Kinds());
    }

    [Fact]
    public void An_answer_that_speaks_of_missing_events_waits_for_them()
    {
        Enter();
        Submit(Place(1));
        Batch();
        _linked.OnAnswer(0, 1, 2, RejectReason.None, Refused(1), [], upTo: 2, _market, _nowMs, _output);
        Assert.Equal([AccountMessageKind.AskEvents], Kinds());
        Assert.Equal(1, _linked.Account.OpenOrderCount(0));
    }

    [Fact]
    public void A_repeat_with_return_shares_the_answer_of_the_first()
    {
        Enter();
        Command place = Place(1);
        place.Terms.Flags |= OrderFlags.ReturnRepeats;
        Submit(place);
        Batch();
        Submit(place);
        Submit(place with { Terms = place.Terms with { Lots = 2 } });
        Assert.Equal(RejectReason.ClientIdReused, _output.Messages[0].Reason);

        Answer([new CommandOutcome(RejectReason.None, 77)]);
        Assert.Equal([(77ul, false), (77ul, true)], Replies().Select(r => (r.OrderId, r.IsRepeat)));
    }

    /// <summary>The book was left and is entered again: what was placed there before is known to its ring alone.</summary>
    [Fact]
    public void A_repeat_with_return_waits_until_the_book_has_told_its_ring()
    {
        Fund();
        Command place = Place(1);
        place.Terms.Flags |= OrderFlags.ReturnRepeats;
        Submit(place);
        Written();
        Assert.Empty(Replies());

        RememberedOrder known = new(place.Terms.ClientKey, place.Terms.ContentHash(), 55, 0);
        _linked.OnRegistered(0, 1, RejectReason.None, [], [], [known], 0, _market, _nowMs, _output);
        Assert.Equal([(55ul, true)], Replies().Select(r => (r.OrderId, r.IsRepeat)));
        Assert.DoesNotContain(AccountMessageKind.Batch, Kinds());
    }

    /// <summary>Batch numbers start anew with every epoch: a dead activation may hear of a command of the living one.</summary>
    [Fact]
    public void An_event_of_another_epoch_says_nothing_of_the_command_in_flight()
    {
        Enter();
        Command place = Place(1);
        place.Terms.Flags |= OrderFlags.ReturnRepeats;
        Submit(place);
        Assert.Equal(2u, Sent()[0].Batch);

        BookEvent accepted = new()
        {
            Number = 1, Account = 7, Kind = BookEventKind.Accepted, OrderId = 44, OtherId = (2ul << 48) | (2 << 16), Lots = 1, LeavesLots = 1,
        };
        _linked.OnEvents(0, [accepted], _market, _nowMs, _output);
        Submit(place);
        Assert.Empty(Replies());
        Assert.Equal(0, _linked.Account.CopyOpenOrders(0, []));
    }

    [Fact]
    public void A_late_copy_of_an_event_says_nothing_of_the_command_in_flight()
    {
        Enter();
        BookEvent accepted = new()
        {
            Number = 1, Account = 7, Kind = BookEventKind.Accepted, OrderId = 44, OtherId = (1ul << 48) | (3 << 16), Lots = 1, LeavesLots = 1,
        };
        _linked.OnEvents(0, [accepted], _market, _nowMs, _output);
        Command place = Place(1);
        place.Terms.Flags |= OrderFlags.ReturnRepeats;
        Submit(Place(2));
        Batch();
        Answer(Refused(1));
        Submit(place);
        Assert.Equal(3u, Sent()[0].Batch);

        _linked.OnEvents(0, [accepted], _market, _nowMs, _output);
        Submit(place);
        Assert.Empty(Replies());
    }

    [Fact]
    public void A_newer_activation_ends_this_one()
    {
        Enter();
        Submit(Place(1));
        Batch();
        _linked.OnAnswer(0, 1, 2, RejectReason.StaleEpoch, Refused(1), [], 0, _market, _nowMs, _output);
        Assert.Equal([AccountMessageKind.StepDown], Kinds());
    }

    [Fact]
    public void Coming_up_again_orders_wait_for_the_books_and_deposits_do_not()
    {
        Enter();
        SnapshotWriter writer = new();
        _linked.Write(writer);
        LinkedAccount again = new(7);
        again.Read(new SnapshotReader(writer.Written.ToArray()));
        again.Start(2, _market, _nowMs, _output);
        Assert.Contains(AccountMessageKind.Register, Kinds());
        Assert.True(again.IsRecovering);

        again.Submit(Place(1), 50, _market, _nowMs, _output);
        Assert.Equal(RejectReason.AccountRecovering, Replies()[0].Reason);
        again.Submit(new Command { Kind = CommandKind.Deposit, Amount = 5 }, 51, _market, _nowMs, _output);
        Assert.Contains(AccountMessageKind.Write, Kinds());

        OpenOrder open = new()
        {
            OrderId = 9, PriceTicks = 490_000, TotalLots = 100, ReserveTicks = 490_000, Side = Side.Buy, Type = OrderType.Limit,
        };
        again.OnRegistered(0, 2, RejectReason.None, [open], [], [], 0, _market, _nowMs, _output);
        Assert.False(again.IsRecovering);
        Assert.Equal(AccountFixture.Money("245"), again.Account.ReservedE8(0, _market));
    }

    [Fact]
    public void A_book_that_is_not_left_for_want_of_an_acknowledgement_gets_it_again()
    {
        Enter();
        _linked.LeaveIdleBooks(_market, _nowMs, _output);
        Assert.Contains(AccountMessageKind.Leave, Kinds());

        _linked.OnLeft(0, 1, RejectReason.Moved, _market, _nowMs, _output);

        Assert.Equal([AccountMessageKind.Acknowledge, AccountMessageKind.Register], Kinds());
    }

    [Fact]
    public void A_wake_is_answered_with_a_newer_range()
    {
        Enter();
        Submit(Place(1));
        Sent();
        _linked.OnWake(0, _market, _nowMs, _output);
        PriceRange first = _output.Messages.ToArray().Last(m => m.Kind == AccountMessageKind.Range).Range;
        _linked.OnWake(0, _market, _nowMs, _output);
        PriceRange second = _output.Messages.ToArray().Last(m => m.Kind == AccountMessageKind.Range).Range;
        Assert.True(second.IsNewerThan(in first));
    }

    private void Fund()
    {
        Submit(new Command { Kind = CommandKind.Deposit, Amount = AccountFixture.Money("1000") });
        Written();
    }

    private void Enter()
    {
        Fund();
        Submit(new Command { Kind = CommandKind.Countdown, Symbol = 0 });
        Written();
        Registered();
        Sent();
        Answer(Refused(1));
    }

    private void Submit(Command command) => _linked.Submit(in command, ++_token, _market, _nowMs, _output);

    private static Command Place(ulong key)
    {
        OrderTerms terms = AccountFixture.Limit(Side.Buy, 499_000, 1);
        terms.ClientKey = new ClientKey(9, key);
        return new Command { Kind = CommandKind.Place, Symbol = 0, Terms = terms };
    }

    private static CommandOutcome[] Refused(int count) =>
        [.. Enumerable.Repeat(new CommandOutcome(RejectReason.Overloaded, 0), count)];

    private void Written() => _linked.OnWritten(LastWrite(), _market, _nowMs, _output);

    private ulong LastWrite() => _output.Messages.ToArray().Last(m => m.Kind == AccountMessageKind.Write).Number;

    private void Registered() => _linked.OnRegistered(0, 1, RejectReason.None, [], [], [], 0, _market, _nowMs, _output);

    /// <summary>Answers the batch last seen by <see cref="Batch"/>.</summary>
    private void Answer(CommandOutcome[] outcomes) =>
        _linked.OnAnswer(0, 1, _lastBatch, RejectReason.None, outcomes, [], 0, _market, _nowMs, _output);

    private uint _lastBatch;

    private AccountMessage Batch()
    {
        AccountMessage batch = _output.Messages.ToArray().Single(m => m.Kind == AccountMessageKind.Batch);
        _lastBatch = _output.CommandsOf(in batch)[0].Batch;
        return batch;
    }

    private BookInput[] Sent()
    {
        AccountMessage batch = Batch();
        return _output.CommandsOf(in batch).ToArray();
    }

    private AccountMessageKind[] Kinds() => [.. _output.Messages.ToArray().Select(m => m.Kind)];

    private AccountMessage[] Replies() => [.. _output.Messages.ToArray().Where(m => m.Kind == AccountMessageKind.Reply)];
}
