using System.Text;
using Exchange.Core.Feed;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Tests.Instruments;
using Exchange.Core.Views;

namespace Exchange.Core.Tests.Feed;

/// <summary>A cluster's machines tell their readers what an engine does, whoever dies in between.</summary>
public sealed class LinkedFeedTests
{
    private const uint Accounts = 4;
    private const long MoneyE8 = 10_000_000 * 100_000_000L;
    private static readonly Instrument[] Listed =
        [.. Enumerable.Range(0, 2).Select(symbol => TestInstruments.Create(TestInstruments.BtcSettings() with { Symbol = $"S{symbol}USDT" }, symbol))];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void The_same_script_tells_accounts_and_markets_the_same(int seed)
    {
        var engine = new EngineTwin();
        var linked = new LinkedVenue(Listed, Accounts);
        var script = new Script(seed, symbols: 2);
        foreach (Command command in script.Opening().Concat(script.Take(1_500)))
        {
            linked.NowMs = script.TimeMs;
            CommandReply expected = engine.Do(in command, script.TimeMs);
            CommandReply actual = linked.Do(in command);
            if (command.Account != 0)
                Assert.Equal(engine.Text(expected), engine.LinkedText(actual));
            for (uint account = 1; account <= Accounts; account++)
            {
                Assert.Equal(engine.Told[account].Select(engine.Text), linked.Account(account).Told.Select(told => engine.LinkedText(told.Happened)));
                Assert.All(linked.Account(account).Told, AssertOrderAsTold);
                engine.Told[account].Clear();
                linked.Account(account).Told.Clear();
            }

            AssertMarkets(engine, linked);
        }

        for (uint account = 1; account <= Accounts; account++)
            AssertHistory(engine, linked.Account(account).Feed.Views, account);
    }

    [Fact]
    public void What_is_read_back_from_the_log_is_what_was_shown()
    {
        var linked = new LinkedVenue(Listed, Accounts);
        var script = new Script(4, symbols: 2);
        foreach (Command command in script.Opening().Concat(script.Take(8_000)))
        {
            linked.NowMs = script.TimeMs;
            linked.Do(in command);
        }

        for (uint account = 1; account <= Accounts; account++)
        {
            LinkedVenue.AccountHost host = linked.Account(account);
            host.Do(new Command { Kind = CommandKind.SetLeverage, Account = account, Symbol = 0, Leverage = 3 });
            AssertReadBack(host, account, host.Log, isWhole: true);
            Assert.True(host.Log.Count > AccountFeed.CheckpointRows + 1, $"only {host.Log.Count} rows");
            AssertReadBack(host, account, [.. host.Log.Skip(host.Log.Count - AccountFeed.CheckpointRows - 1)], isWhole: false);
        }
    }

    [Theory]
    [InlineData(5, 1, false)]
    [InlineData(6, 1, true)]
    [InlineData(7, 2, false)]
    [InlineData(8, 2, true)]
    [InlineData(9, 2, true)]
    public void However_often_an_account_dies_its_user_hears_everything_once_and_in_order(int seed, int symbols, bool asks)
    {
        var random = new Random(seed);
        var engine = new EngineTwin();
        var linked = new LinkedVenue(Listed, Accounts);
        var script = new Script(seed, symbols) { HasOnlyLimits = true };
        var heard = new List<FeedEvent>();
        OwnCursor cursor = linked.Account(1).Feed.Now;
        foreach (Command command in script.Opening().Concat(script.Take(1_500)))
        {
            bool isOpening = command.Kind != CommandKind.Place && command.Kind != CommandKind.Cancel;
            linked.NowMs = script.TimeMs;
            linked.WritesAtOnce = isOpening || random.Next(8) == 0;
            engine.Do(in command, script.TimeMs);
            linked.Do(in command);
            LinkedVenue.AccountHost host = linked.Account(1);
            heard.AddRange(asks ? Since(ref cursor, host) : host.Told.Select(told => told.Happened));
            if (!asks && host.Told.Count > 0)
                cursor = host.Told[^1].Cursor;

            host.Told.Clear();
            if (random.Next(10) != 0)
                continue;
            host.Kill();
            host.Told.Clear();
            Assert.True(OwnCursor.TryParse(cursor.ToString(), out cursor));

            // Half of the times he is cut off again on the way, and goes on from the last event that he got.
            if (random.Next(2) == 0)
                heard.AddRange(SomeSince(ref cursor, host, random));
            heard.AddRange(Since(ref cursor, host));
        }

        // The life after may take the books in another turn, and so count the wallet differently on the way.
        for (int symbol = -1; symbol < symbols; symbol++)
        {
            IEnumerable<FeedEvent> Of(IEnumerable<FeedEvent> events) =>
                events.Where(e => e.Symbol == symbol).Select(e => symbols == 1 || e.Kind != FeedKind.Balance ? e : e with { Money = 0 });
            Assert.Equal(Of(engine.Told[1]).Select(engine.Text), Of(heard).Select(engine.LinkedText));
        }
    }

    private static IEnumerable<FeedEvent> Since(ref OwnCursor cursor, LinkedVenue.AccountHost host)
    {
        var missed = new List<OwnEvent>();
        Assert.Equal(CursorRefusal.None, host.Feed.ReadSince(ref cursor, 1_000, missed));
        return missed.Select(told => told.Happened);
    }

    private static List<FeedEvent> SomeSince(ref OwnCursor cursor, LinkedVenue.AccountHost host, Random random)
    {
        var missed = new List<OwnEvent>();
        OwnCursor all = cursor;
        Assert.Equal(CursorRefusal.None, host.Feed.ReadSince(ref all, 1_000, missed));
        missed = missed[..random.Next(missed.Count + 1)];
        cursor = missed.Count > 0 ? missed[^1].Cursor : cursor;
        return [.. missed.Select(told => told.Happened)];
    }

    [Fact]
    public void What_an_account_did_itself_is_told_once_it_is_durable_and_all_behind_it_too()
    {
        var linked = new LinkedVenue(Listed, Accounts);
        linked.Do(new Command { Kind = CommandKind.SetMark, Symbol = 0, PriceTicks = 500_000 });
        LinkedVenue.AccountHost host = linked.Account(1);
        linked.Do(Script.Deposit(1, MoneyE8, 1));
        Command order = Script.Limit(1, 0, Side.Buy, 499_000, 5, "a");
        ulong id = linked.Do(in order).Order!.OrderId;
        host.Told.Clear();

        linked.WritesAtOnce = false;
        host.Send(Script.Deposit(1, MoneyE8, 2));
        Command cancel = new() { Kind = CommandKind.Cancel, Account = 1, Symbol = 0, OrderId = id };
        Assert.Equal(OrderStatus.Canceled, host.Do(in cancel).Order!.Status);
        Assert.Empty(host.Told);
        Assert.False(host.Feed.IsDurable);

        host.EndWrite();
        Assert.Equal([FeedKind.Balance, FeedKind.OrderUpdated], host.Told.Select(told => told.Happened.Kind));
        Assert.True(host.Feed.IsDurable);
    }

    private static void AssertOrderAsTold(OwnEvent told)
    {
        if (told.Happened.Kind is not (FeedKind.OrderAccepted or FeedKind.OrderUpdated))
            return;
        Assert.Equal((told.Happened.Id, told.Happened.Status, told.Happened.Lots), (told.Order!.OrderId, told.Order.Status, told.Order.TotalLots));
    }

    private static void AssertMarkets(EngineTwin engine, LinkedVenue linked)
    {
        for (int symbol = 0; symbol < Listed.Length; symbol++)
        {
            LinkedVenue.BookHost book = linked.Book(symbol);
            Assert.Equal(engine.Trades[symbol].Select(engine.Text), book.Trades.Select(engine.LinkedText));
            engine.Trades[symbol].Clear();
            book.Trades.Clear();
            DepthView expected = engine.Views.GetWholeDepth(symbol);
            DepthView actual = book.Market.Depth(int.MaxValue);
            Assert.Equal(expected.Bids, actual.Bids);
            Assert.Equal(expected.Asks, actual.Asks);
            Assert.Equal(engine.Views.GetStats(symbol, 1).OpenInterestLots, book.OpenInterestLots);
        }
    }

    private static void AssertHistory(EngineTwin engine, AccountViews linked, uint account)
    {
        Assert.Equal(
            engine.Views.GetOrders(account, -1, 0, 1_000).Items.Select(engine.Text).Order(StringComparer.Ordinal),
            linked.GetOrders(account, -1, 0, 1_000).Items.Select(engine.LinkedText).Order(StringComparer.Ordinal));
        Assert.Equal(
            engine.Views.GetFills(account, -1, 0, 1_000).Items.Select(engine.Text),
            linked.GetFills(account, -1, 0, 1_000).Items.Select(engine.LinkedText));
        Assert.Equal(
            engine.Views.GetLedger(account, -1, 0, 1_000).Items.Select(row => row with { Sequence = 0 }),
            linked.GetLedger(account, -1, 0, 1_000).Items.Select(row => row with { Sequence = 0 }));
    }

    private static void AssertReadBack(LinkedVenue.AccountHost host, uint account, IReadOnlyList<ReadOnlyMemory<byte>> rows, bool isWhole)
    {
        var restored = new AccountFeed(account, new ViewLimits());
        restored.Restore(rows, host.Market);
        AccountViews expected = host.Feed.Views;
        Assert.Equal(host.Feed.Number, restored.Number);
        var missed = new List<OwnEvent>();
        OwnCursor now = host.Feed.Now;
        Assert.Equal(CursorRefusal.None, restored.ReadSince(ref now, 1_000, missed));
        Assert.Empty(missed);
        Assert.Equal(expected.GetOpenOrders(account, -1), restored.Views.GetOpenOrders(account, -1));
        FillView[] fills = restored.Views.GetFills(account, -1, 0, 1_000).Items;
        LedgerView ledger = restored.Views.GetLedger(account, -1, 0, 1_000);
        int most = isWhole ? 1_000 : Math.Min(fills.Length, ledger.Items.Length);
        Assert.Equal(expected.GetFills(account, -1, 0, most).Items, fills.Take(most));
        Assert.Equal(expected.GetLedger(account, -1, 0, most).Items, ledger.Items.Take(most));
        Assert.Equal(isWhole, ledger.BeginsMs == 0);
        if (isWhole)
            Assert.Equal(expected.GetOrders(account, -1, 0, 1_000).Items, restored.Views.GetOrders(account, -1, 0, 1_000).Items);
    }

    /// <summary>The engine with its feed; order ids are compared by the order of acceptance in their symbol.</summary>
    private sealed class EngineTwin
    {
        private readonly Engine _engine = new();
        private readonly EngineOutput _output = new();
        private readonly FeedBuffer _feed = new();
        private readonly FeedBuilder _builder;
        private readonly ReplyBuilder _replies;
        private readonly Dictionary<ulong, string> _names = [];
        private readonly int[] _accepted = new int[Listed.Length];
        private ulong _sequence;

        public EngineTwin()
        {
            _builder = new FeedBuilder(_engine.Marks);
            _replies = new ReplyBuilder(Views);
            foreach (Instrument instrument in Listed)
                Do(new Command { Kind = CommandKind.ListInstrument, Symbol = instrument.SymbolId }, 1_000_000, instrument);
            for (uint account = 1; account <= Accounts; account++)
            {
                Told[account] = [];
                Do(new Command { Kind = CommandKind.CreateAccount, Account = account }, 1_000_000);
            }
        }

        public VenueViews Views { get; } = new(new ViewLimits());

        public Dictionary<uint, List<FeedEvent>> Told { get; } = [];

        public List<FeedEvent>[] Trades { get; } = [[], []];

        public CommandReply Do(in Command command, long timeMs, Instrument? listing = null)
        {
            _engine.Apply(in command, timeMs, _output, listing);
            var record = new ReplyRecord();
            record.Set(++_sequence, _engine.TimeMs, _output);
            _feed.Clear();
            _builder.Build(in command, _sequence, _engine.TimeMs, _output, _feed);
            if (listing is not null)
                Views.List(listing);
            Views.ApplyInput(in command, _sequence, _feed.Events);
            foreach (FeedEvent e in _feed.Events)
            {
                if (e.Kind == FeedKind.OrderAccepted)
                    _names[e.Id] = $"{e.Symbol}/{++_accepted[e.Symbol]}";
                if (OwnEvent.IsOwn(e.Kind))
                    Told[e.Account].Add(e);
                else if (e.Kind == FeedKind.Trade)
                    Trades[e.Symbol].Add(e);
            }

            return _replies.Build(in command, in record, _feed.Events);
        }

        public string Text(FeedEvent e) => Text(e, NameOf(e));

        public string LinkedText(FeedEvent e) => Text(e, e.Id < 1UL << 40 ? NameOf(e) : LinkedName(e.Id));

        public string Text(OrderView order) => (order with { OrderId = 0 }).ToString() + _names[order.OrderId];

        public string LinkedText(OrderView order) => (order with { OrderId = 0 }).ToString() + LinkedName(order.OrderId);

        public string Text(FillView fill) => (fill with { OrderId = 0, Sequence = 0 }).ToString() + _names[fill.OrderId];

        public string LinkedText(FillView fill) => (fill with { OrderId = 0, Sequence = 0 }).ToString() + LinkedName(fill.OrderId);

        public string Text(CommandReply reply) =>
            $"{Base(reply)} {(reply.Order is null ? "" : Text(reply.Order))} {string.Join(' ', reply.Fills.Select(Text))}";

        public string LinkedText(CommandReply reply) =>
            $"{Base(reply)} {(reply.Order is null ? "" : LinkedText(reply.Order))} {string.Join(' ', reply.Fills.Select(LinkedText))}";

        private static string Base(CommandReply reply) =>
            $"{reply.Reason} {reply.IsRepeat} {reply.CanceledCount} {reply.LimitValue} {reply.TimeMs}";

        private string NameOf(FeedEvent e) => e.Kind is FeedKind.OrderAccepted or FeedKind.OrderUpdated or FeedKind.Fill ? _names[e.Id] : $"{e.Id}";

        private static string LinkedName(ulong id) => $"{(id >> 40) - 1}/{(id & ((1UL << 40) - 1)) + 1}";

        private static string Text(in FeedEvent e, string id) =>
            $"{e.Kind} {e.Side} {e.Status} {e.Reason} {e.PositionSide} {e.Flags} {e.Account} {e.Symbol} {id} {e.PriceTicks} {e.Lots} {e.Other} {e.Amount} {e.Money} {e.TimeMs}";
    }

    /// <summary>Seeded commands near a mark that moves little, of accounts that are rich.</summary>
    private sealed class Script(int seed, int symbols)
    {
        private readonly Random _random = new(seed);
        private ulong _transfer = 100;

        public long TimeMs { get; private set; } = 1_000_000;

        /// <summary>Neither conditional orders nor what the account does itself.</summary>
        public bool HasOnlyLimits { get; init; }

        public IEnumerable<Command> Opening()
        {
            for (int symbol = 0; symbol < Listed.Length; symbol++)
                yield return new Command { Kind = CommandKind.SetMark, Symbol = symbol, PriceTicks = 500_000 };
            for (uint account = 1; account <= Accounts; account++)
            {
                yield return Deposit(account, MoneyE8, account);
                if (account == 2)
                    yield return new Command { Kind = CommandKind.SetMarginMode, Account = account, Symbol = 1, MarginMode = MarginMode.Isolated };
                if (account == 3)
                    yield return new Command { Kind = CommandKind.SetPositionMode, Account = account, Hedge = true };
            }
        }

        public IEnumerable<Command> Take(int count)
        {
            for (int i = 0; i < count; i++)
            {
                TimeMs += _random.Next(3);
                yield return Next();
            }
        }

        public static Command Deposit(uint account, long amountE8, ulong id) =>
            new() { Kind = CommandKind.Deposit, Account = account, Amount = amountE8, Key = new ClientKey(1, id) };

        public static Command Limit(uint account, int symbol, Side side, long priceTicks, long lots, string id)
        {
            byte[] text = Encoding.ASCII.GetBytes(id);
            return new Command
            {
                Kind = CommandKind.Place, Account = account, Symbol = symbol, ClientId = ClientOrderId.From(text),
                Terms = new OrderTerms
                {
                    Symbol = symbol, Side = side, PriceTicks = priceTicks, Lots = lots, ClientKey = ClientKey.From(text),
                    Fields = OrderFields.Price | OrderFields.Lots,
                },
            };
        }

        private Command Next()
        {
            uint account = (uint)_random.Next(1, (int)Accounts + 1);
            int symbol = _random.Next(symbols);
            ClientKey key = ClientKey.From(Encoding.ASCII.GetBytes($"c-{_random.Next(20)}"));
            int kind = _random.Next(HasOnlyLimits ? 80 : 100);
            return kind switch
            {
                < 65 => Place(account, symbol),
                < 80 => new Command { Kind = CommandKind.Cancel, Account = account, Symbol = symbol, Key = key },
                < 86 => new Command
                {
                    Kind = CommandKind.Amend, Account = account, Symbol = symbol, Key = key, Fields = (OrderFields)_random.Next(1, 4),
                    PriceTicks = Near(), Lots = _random.Next(1, 30),
                },
                < 88 => new Command { Kind = CommandKind.CancelAll, Account = account, Symbol = _random.Next(symbols) },
                < 94 => new Command { Kind = CommandKind.SetMark, Symbol = symbol, PriceTicks = Near() },
                < 95 => new Command { Kind = CommandKind.SettleFunding, Symbol = symbol, Amount = _random.Next(-100_000, 100_000) },
                < 97 => Deposit(account, 100_000_000, ++_transfer),
                < 98 => Deposit(account, 200_000_000, ++_transfer) with { Kind = CommandKind.Withdraw },
                _ => Deposit(2, _random.Next(-20, 40) * 100_000_000L, ++_transfer) with { Kind = CommandKind.AdjustMargin, Symbol = 1 },
            };
        }

        private long Near() => 500_000 + _random.Next(-20, 21) * 10;

        private Command Place(uint account, int symbol)
        {
            Command command = Limit(account, symbol, (Side)_random.Next(2), Near(), _random.Next(1, 30), $"c-{_random.Next(20)}");
            ref OrderTerms terms = ref command.Terms;
            terms.PositionSide = account != 3 ? PositionSide.Both : (PositionSide)_random.Next(1, 3);
            terms.TimeInForce = (TimeInForce)_random.Next(4);
            terms.Stp = (SelfTradePrevention)_random.Next(3);
            terms.Flags = (_random.Next(3) == 0 ? OrderFlags.ReturnRepeats : 0) | (account != 3 && _random.Next(5) == 0 ? OrderFlags.ReduceOnly : 0);
            if (HasOnlyLimits || _random.Next(5) != 0)
                return command;
            terms.Type = (OrderType)_random.Next(1, 4);
            terms.TimeInForce = TimeInForce.Gtc;
            if (!terms.Type.HasLimit())
                (terms.PriceTicks, terms.Fields) = (0, OrderFields.Lots);
            if (terms.Type.IsConditional())
                (terms.StopTicks, terms.Fields) = (Near(), terms.Fields | OrderFields.Stop);
            return command;
        }
    }
}
