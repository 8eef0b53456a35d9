using Exchange.Core.Accounts.Links;
using Exchange.Core.Books;
using Exchange.Core.Feed;
using Exchange.Core.Instruments;
using Exchange.Core.Marks;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Views;

namespace Exchange.Core.Tests.Feed;

/// <summary>The machines of a cluster, linked by messages that all arrive, with their feeds; marks are set by hand.</summary>
internal sealed class LinkedVenue
{
    private readonly Queue<(NodeId From, NodeId To, NodeMessage Message)> _messages = new();
    private readonly List<BookHost> _books = [];
    private readonly SortedDictionary<uint, AccountHost> _accounts = [];
    private readonly MarketBoard _board = new();
    private readonly ulong[] _markNumbers;

    public LinkedVenue(IReadOnlyList<Instrument> instruments, uint accounts)
    {
        _markNumbers = new ulong[instruments.Count];
        foreach (Instrument instrument in instruments)
        {
            _books.Add(new BookHost(this, instrument));
            var listing = new InstrumentMessage(1, instrument, TradingState.Trading);
            _board.Receive(listing);
            _messages.Enqueue((NodeId.Operator, NodeId.Book(instrument.SymbolId), listing));
        }

        _board.Publish(NowMs);
        Settle();
        for (uint account = 1; account <= accounts; account++)
        {
            _accounts.Add(account, new AccountHost(this, account));
            _accounts[account].Kill();
            _accounts[account].Do(new Command { Kind = CommandKind.CreateAccount, Account = account });
        }
    }

    public long NowMs { get; set; } = 1_000_000;

    /// <summary>Writes of accounts become durable at once; else when told so.</summary>
    public bool WritesAtOnce { get; set; } = true;

    public BookHost Book(int symbol) => _books[symbol];

    public AccountHost Account(uint account) => _accounts[account];

    public CommandReply Do(in Command command)
    {
        switch (command.Kind)
        {
            case CommandKind.SetMark:
                SetMark(command.Symbol, command.PriceTicks);
                return new CommandReply();
            case CommandKind.SettleFunding:
                var round = new FundingRound(NowMs, command.Amount, _board.Current[command.Symbol].MarkTicks);
                _messages.Enqueue((NodeId.Mark(command.Symbol), NodeId.Book(command.Symbol), new FundingRoundMessage(round)));
                Settle();
                return new CommandReply();
            default:
                return Account(command.Account).Do(in command);
        }
    }

    public void Settle()
    {
        bool isBusy = true;
        while (isBusy)
        {
            while (_messages.TryDequeue(out (NodeId From, NodeId To, NodeMessage Message) next))
                Deliver(next.From, next.To, next.Message);
            isBusy = false;
            foreach (BookHost book in _books)
                isBusy |= book.Work();
            foreach (AccountHost account in _accounts.Values)
                isBusy |= WritesAtOnce && account.EndWrite();
            isBusy |= _messages.Count != 0;
        }
    }

    private void SetMark(int symbol, long ticks)
    {
        var update = new MarkMessage(symbol, new MarkUpdate(++_markNumbers[symbol], ticks, NowMs));
        _board.Receive(update);
        _board.Publish(NowMs);
        _messages.Enqueue((NodeId.Mark(symbol), NodeId.Book(symbol), update));
        Settle();
    }

    private void Deliver(NodeId from, NodeId to, NodeMessage message)
    {
        switch (to.Kind)
        {
            case NodeKind.Book: _books[(int)to.Key].Node.Receive(from, message); break;
            case NodeKind.Account when _accounts.TryGetValue(to.Key, out AccountHost? account): account.Node.Receive(from, message); break;
            case NodeKind.Mark when message is RangeMessage range:
                _messages.Enqueue((to, from, new RangeTakenMessage((int)to.Key, range.Range.Epoch, range.Range.Number)));
                break;
            case NodeKind.Clearing when message is TotalsMessage totals:
                _messages.Enqueue((to, from, new ReportTakenMessage(totals.Number)));
                break;
            default: break;
        }
    }

    internal sealed class BookHost : IJournalHost, IBookObserver
    {
        private readonly LinkedVenue _venue;
        private readonly BookFeed _feed;
        private readonly FeedBuffer _events = new();

        public BookHost(LinkedVenue venue, Instrument instrument)
        {
            _venue = venue;
            _feed = new BookFeed(instrument.SymbolId);
            Market = new SymbolMarket(instrument.SymbolId, instrument.UnitE8, new ViewLimits());
            Node = new BookNode(this, instrument.SymbolId, observer: this);
            Node.Start();
        }

        public BookNode Node { get; }

        public SymbolMarket Market { get; }

        public long OpenInterestLots => _feed.OpenInterestLots;

        public List<FeedEvent> Trades { get; } = [];

        public long NowMs => _venue.NowMs;

        public bool Work()
        {
            bool isBusy = Node.Book is { } book && (book.QueuedCount != 0 || book.IsFundingOpen);
            if (isBusy)
                Node.Tick();
            return isBusy;
        }

        public void Append(ReadOnlySpan<byte> record)
        {
        }

        public void Send(NodeId to, NodeMessage message) => _venue._messages.Enqueue((Node.Id, to, message));

        public void StepDown(string why) => Assert.Fail(why);

        public void OnInput(OrderBook book, ulong sequence, in BookInput input, BookOutput output)
        {
            _feed.Build(book, sequence, output, _events);
            foreach (ref readonly FeedEvent e in _events.Events)
            {
                if (e.Kind == FeedKind.Level)
                    Market.Apply(in e);
                else
                    Trades.Add(e);
            }

            _events.Clear();
        }

        public void OnInstrument(OrderBook book, ulong sequence)
        {
        }
    }

    internal sealed class AccountHost : IAccountHost, IAccountObserver
    {
        private readonly LinkedVenue _venue;
        private readonly uint _account;
        private readonly List<ReadOnlyMemory<byte>> _log = [];
        private byte[] _state = [];
        private (ulong Number, byte[] State, IReadOnlyList<ReadOnlyMemory<byte>> Rows)? _write;
        private OwnCursor _heard;
        private CommandReply? _reply;
        private uint _epoch;
        private ulong _session;
        private ulong _next = 1;

        public AccountHost(LinkedVenue venue, uint account)
        {
            _venue = venue;
            _account = account;
            Begin();
        }

        /// <summary>Of the next activation, as <see cref="RowsBack"/>.</summary>
        public ViewLimits Limits { get; set; } = new();

        /// <summary>Rows of the log that it reads.</summary>
        public int RowsBack { get; set; } = int.MaxValue;

        public AccountNode Node { get; private set; } = null!;

        public AccountFeed Feed { get; private set; } = null!;

        /// <summary>What was told since it was taken last.</summary>
        public List<OwnEvent> Told { get; } = [];

        public IReadOnlyList<ReadOnlyMemory<byte>> Log => _log;

        public MarketTable Market => _venue._board.Current;

        public long NowMs => _venue.NowMs;

        /// <summary>Does a command, and ends a write that its answer waits for.</summary>
        public CommandReply Do(in Command command)
        {
            Send(in command);
            while (_reply is null && EndWrite())
                _venue.Settle();
            Assert.NotNull(_reply);
            return _reply;
        }

        public void Send(in Command command)
        {
            _reply = null;
            _venue._messages.Enqueue((NodeId.Client(_account), Node.Id, new CommandsMessage(_session, _next, _next - 1, [command])));
            _next++;
            _venue.Settle();
        }

        /// <summary>Everything volatile is gone, a write under way too; the next activation comes up from what is durable.</summary>
        public void Kill()
        {
            _write = null;
            Begin();
            _venue.Settle();
        }

        public bool EndWrite()
        {
            if (_write is not { } write)
                return false;
            _write = null;
            _state = write.State;
            _log.AddRange(write.Rows);
            Feed.OnWritten();
            Node.OnWritten(write.Number);
            Hear();
            return true;
        }

        public void Send(NodeId to, NodeMessage message)
        {
            if (message is SessionMessage session)
                (_session, _next) = (session.Session, session.Next);
            else
                _venue._messages.Enqueue((Node.Id, to, message));
        }

        public void StepDown(string why) => Assert.Fail(why);

        public void WriteState(ulong number, ReadOnlySpan<byte> state)
        {
            List<ReadOnlyMemory<byte>> rows = [];
            Feed.TakeRows(row => rows.Add(row.ToArray()));
            _write = (number, state.ToArray(), rows);
        }

        public void OnCommand(AccountNode account, in Command command, ulong token) => Feed.Note(in command, token);

        public void OnInput(AccountNode account, AccountOutput output)
        {
            Feed.Tell(output, account.Link.Account, Market, NowMs);
            foreach ((_, CommandReply reply) in Feed.Replies)
                _reply = reply;
            Hear();
        }

        private void Hear()
        {
            if (Feed.Release())
                Assert.Equal(CursorRefusal.None, Feed.ReadSince(ref _heard, int.MaxValue, Told));
        }

        private void Begin()
        {
            Feed = new AccountFeed(_account, Limits);
            Feed.Restore(_log.TakeLast(RowsBack), Market);
            _heard = Feed.Now;
            Node = new AccountNode(this, _account, observer: this);
            Node.Start(++_epoch, _state);
            _venue._messages.Enqueue((NodeId.Client(_account), Node.Id, new HelloMessage()));
        }
    }
}
