using Exchange.Core.Books;
using Exchange.Core.Marks;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Tests.Instruments;

namespace Exchange.Core.Tests.Nodes;

public sealed class AccountNodeTests
{
    private static readonly NodeId Client = NodeId.Client(1);
    private readonly FakeHost _host = new();
    private readonly AccountNode _account;
    private ulong _session;

    public AccountNodeTests()
    {
        for (int symbol = 0; symbol < 2; symbol++)
        {
            _host.Tell(new InstrumentMessage(1, TestInstruments.Create(TestInstruments.BtcSettings() with { Symbol = $"C{symbol}USDT" }, symbol), TradingState.Trading));
            _host.Tell(new MarkMessage(symbol, new MarkUpdate(1, 500_000, _host.NowMs)));
        }

        _account = Begin(epoch: 1, []);
    }

    [Fact]
    public void Until_it_is_created_it_knows_no_command_and_then_it_is_created_once()
    {
        Send(1, Deposit(1), Create(), Create());
        Written();

        Assert.Equal(
            [(1, RejectReason.UnknownAccount), (2, RejectReason.None), (3, RejectReason.AccountExists)],
            Answers().OrderBy(answer => answer.Number).Select(answer => ((int)answer.Number, answer.Reason)));
    }

    [Fact]
    public void A_command_is_done_once_and_answered_as_often_as_it_is_asked()
    {
        Send(1, Create(), Deposit(1));
        Written();
        Send(2, Deposit(1), Deposit(2));
        Written();
        Send(1, Create());

        Assert.Equal([1, 2, 2, 3, 1], Answers().Select(answer => (int)answer.Number));
        Assert.Equal(2_000_000_000_000, _account.Link.Account.WalletE8);
    }

    [Fact]
    public void What_follows_a_gap_waits_for_what_is_missing()
    {
        Send(2, Deposit(1));
        Assert.Empty(Answers());

        Send(1, Create(), Deposit(1));
        Written();

        Assert.Equal([1, 2], Answers().Select(answer => (int)answer.Number));
    }

    [Fact]
    public void A_command_of_another_activations_session_is_not_done()
    {
        Send(1, Create());
        Written();
        ulong old = _session;
        AccountNode next = Begin(epoch: 2, _host.Written.State);

        next.Receive(Client, new CommandsMessage(old, 2, 1, [Deposit(1)]));

        Assert.True(Assert.Single(_host.Take<SessionMessage>()).Session > old);
        Assert.Equal(0, next.Link.Account.WalletE8);
    }

    [Fact]
    public void A_cancel_of_everything_is_answered_once_when_every_book_has_answered()
    {
        Fund();
        for (int symbol = 0; symbol < 2; symbol++)
            Rest(symbol, number: (ulong)symbol + 3);
        Answers();

        Send(5, new Command { Kind = CommandKind.CancelAll, Symbol = -1 });
        AnswerBatch(_account, Batch(0));
        Assert.Empty(Answers());
        AnswerBatch(_account, Batch(1));

        Assert.Equal([(5, RejectReason.None)], Answers().Select(answer => ((int)answer.Number, answer.Reason)));
    }

    [Fact]
    public void A_frozen_accounts_orders_are_canceled_by_itself_also_in_its_next_life()
    {
        Fund();
        Rest(0, number: 3);
        Send(4, new Command { Kind = CommandKind.SetAccountState, State = TradingState.Halted });
        Assert.Equal(EndReason.Frozen, Assert.Single(Batch(0).Commands).Reason);
        Written();

        AccountNode next = Begin(epoch: 2, _host.Written.State);
        next.Receive(NodeId.Book(0), new RegisteredMessage(0, 2, RejectReason.None, [Open()], [], [], next.Link.Account.LastEventOf(0)));

        Assert.Equal(EndReason.Frozen, Assert.Single(Batch(0).Commands).Reason);
    }

    [Fact]
    public void It_takes_part_once_the_mark_of_every_book_on_its_list_is_known()
    {
        Fund();
        Rest(0, number: 3);
        Written();
        var elsewhere = new FakeHost();
        var next = new AccountNode(elsewhere, 1);
        elsewhere.Tell(new InstrumentMessage(1, TestInstruments.Btc(), TradingState.Trading));
        next.Start(2, _host.Written.State);
        Assert.False(next.IsStarted);

        elsewhere.Tell(new MarkMessage(0, new MarkUpdate(1, 500_000, elsewhere.NowMs)));
        next.Tick();

        Assert.True(next.IsStarted);
        Assert.Equal(2u, Assert.Single(elsewhere.Take<RegisterMessage>()).Epoch);
    }

    [Fact]
    public void At_rest_it_need_not_be_called()
    {
        Send(1, Create());
        Assert.False(_account.IsAtRest);
        Written();
        _account.Receive(NodeId.Clearing, new ReportTakenMessage(1));

        Assert.True(_account.IsAtRest);
        Assert.Equal(long.MaxValue, _account.NextTickMs);
    }

    private AccountNode Begin(uint epoch, byte[] state)
    {
        var node = new AccountNode(_host, 1);
        node.Start(epoch, state);
        node.Receive(Client, new HelloMessage());
        _session = _host.Take<SessionMessage>().Last().Session;
        return node;
    }

    private void Fund()
    {
        Send(1, Create(), Deposit(1));
        Written();
    }

    /// <summary>An order that rests in a symbol's book, which is entered for it.</summary>
    private void Rest(int symbol, ulong number)
    {
        Send(number, Place(symbol));
        Written();
        _account.Receive(NodeId.Book(symbol), new RegisteredMessage(symbol, 1, RejectReason.None, [], [], [], 0));
        BatchMessage batch = Batch(symbol);
        var accepted = new BookEvent
        {
            Number = 1, Account = 1, Kind = BookEventKind.Accepted, OrderId = 77, Lots = 1, LeavesLots = 1, PriceTicks = 499_000, Amount = 499_000,
            OtherId = batch.Commands[0].CommandKey,
        };
        AnswerBatch(_account, batch, accepted);
        Written();
    }

    private BatchMessage Batch(int symbol)
    {
        (NodeId _, NodeMessage message) = _host.Sent.Last(sent => sent.To == NodeId.Book(symbol) && sent.Message is BatchMessage);
        return (BatchMessage)message;
    }

    private void AnswerBatch(AccountNode node, BatchMessage batch, params BookEvent[] events)
    {
        (NodeId book, _) = _host.Sent.Last(sent => sent.Message == batch);
        node.Receive(book, new BatchAnswer(
            (int)book.Key, batch.Epoch, batch.Batch, RejectReason.None, [.. batch.Commands.Select(_ => new CommandOutcome(RejectReason.None, 77))], events,
            node.Link.Account.LastEventOf((int)book.Key) + (ulong)events.Length));
    }

    private void Send(ulong first, params Command[] commands) => _account.Receive(Client, new CommandsMessage(_session, first, 0, commands));

    /// <summary>All that waits for a write: the end of one may begin the next.</summary>
    private void Written()
    {
        for (ulong told = 0; told != _host.Written.Number;)
        {
            told = _host.Written.Number;
            _account.OnWritten(told);
        }
    }

    private CommandAnswer[] Answers() => [.. _host.Take<RepliesMessage>().SelectMany(replies => replies.Answers)];

    private static Command Create() => new() { Kind = CommandKind.CreateAccount };

    private static Command Deposit(ulong id) => new() { Kind = CommandKind.Deposit, Key = new ClientKey(1, id), Amount = 1_000_000_000_000 };

    private static Command Place(int symbol) => new()
    {
        Kind = CommandKind.Place, Symbol = symbol,
        Terms = new OrderTerms { Symbol = symbol, PriceTicks = 499_000, Lots = 1, Fields = OrderFields.Price | OrderFields.Lots },
    };

    private static OpenOrder Open() => new()
    {
        OrderId = 77, PriceTicks = 499_000, TotalLots = 1, ReserveTicks = 499_000, WorstTicks = 499_000,
    };
}
