using Exchange.Core.Feed;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Tests.Instruments;
using Exchange.Core.Views;
using Exchange.Core.Wire;

namespace Exchange.Core.Tests.Feed;

/// <summary>A real engine with builder and views behind it, as a host wires them; and what the feed alone tells of money.</summary>
internal sealed class RandomVenue
{
    private readonly EngineOutput _output = new();
    private readonly FeedBuffer _feed = new(1);
    private readonly FeedBuilder _builder;

    public RandomVenue(ViewLimits limits)
    {
        Views = new VenueViews(limits);
        _builder = new FeedBuilder(Engine.Marks);
        Replies = new ReplyBuilder(Views);
    }

    /// <summary>A restart: engine and views from their snapshots, the builder from the views.</summary>
    public RandomVenue(RandomVenue other, ViewLimits limits)
        : this(limits)
    {
        var writer = new SnapshotWriter();
        other.Engine.Snapshot(writer);
        Engine.Restore(new SnapshotReader(writer.Written));
        writer.Clear();
        other.Views.Write(writer);
        Views.Read(new SnapshotReader(writer.Written));
        Views.TakePositions(Engine);
        _builder.Resume(Views);
        Sequence = other.Sequence;
    }

    public Engine Engine { get; } = new();

    public VenueViews Views { get; }

    public ReplyBuilder Replies { get; }

    public ulong Sequence { get; private set; }

    public long FundE8 => _builder.FundE8;

    /// <summary>By account: the wallet as the feed told it last, and as its movements add up.</summary>
    public SortedDictionary<uint, (long LastE8, long SumE8)> Wallets { get; } = [];

    /// <summary>By account, symbol and side: lots, cost, isolated margin.</summary>
    public SortedDictionary<(uint Account, int Symbol, PositionSide Side), (long Lots, long CostE8, long IsolatedE8)> Positions { get; } = [];

    public ReadOnlySpan<FeedEvent> Events => _feed.Events;

    public CommandReply Apply(in Command command, long timeMs, Instrument? listing = null)
    {
        Engine.Apply(in command, timeMs, _output, listing);
        Sequence++;
        var record = new ReplyRecord();
        record.Set(Sequence, Engine.TimeMs, _output);
        _feed.Clear();
        _builder.Build(in command, Sequence, Engine.TimeMs, _output, _feed);
        if (listing is not null && _output.Reason == RejectReason.None)
            Views.List(listing);
        Views.ApplyInput(in command, Sequence, _feed.Events);
        foreach (ref readonly FeedEvent e in _feed.Events)
            Follow(in e);
        return Replies.Build(in command, in record, _feed.Events);
    }

    private void Follow(in FeedEvent e)
    {
        if (e.Kind == FeedKind.Balance)
            Wallets[e.Account] = (e.Money, Wallets.GetValueOrDefault(e.Account).SumE8 + e.Amount);
        else if (e.Kind == FeedKind.Position)
            Positions[(e.Account, e.Symbol, e.PositionSide)] = (e.Lots, e.Amount, e.Money);
    }

    /// <summary>Two symbols around 50,000 and six accounts with little money: liquidations come by themselves.</summary>
    public static IEnumerable<(Command Command, Instrument? Listing)> Opening()
    {
        for (int symbol = 0; symbol < 2; symbol++)
        {
            Instrument listing = TestInstruments.Create(TestInstruments.BtcSettings() with { Symbol = $"S{symbol}USDT" }, symbol);
            yield return (new Command { Kind = CommandKind.ListInstrument, Symbol = symbol }, listing);
            yield return (new Command { Kind = CommandKind.SetIndex, Symbol = symbol, Amount = 50_000 * 100_000_000L }, null);
        }

        yield return (new Command { Kind = CommandKind.SeedInsurance, Amount = 500 * 100_000_000L }, null);
        for (uint account = 1; account <= Script.Accounts; account++)
        {
            yield return (new Command { Kind = CommandKind.CreateAccount, Account = account }, null);
            yield return (Script.Money(CommandKind.Deposit, account, account * 300 * 100_000_000L, account), null);
            if (account > 4)
                yield return (new Command { Kind = CommandKind.SetPositionMode, Account = account, Hedge = true }, null);
            yield return (new Command { Kind = CommandKind.SetLeverage, Account = account, Symbol = 0, Leverage = 100 }, null);
            yield return (new Command { Kind = CommandKind.SetLeverage, Account = account, Symbol = 1, Leverage = 50 }, null);
            if (account is 2 or 5)
                yield return (new Command { Kind = CommandKind.SetMarginMode, Account = account, Symbol = 1, MarginMode = MarginMode.Isolated }, null);
        }
    }

    /// <summary>Seeded commands of all kinds, most of them places.</summary>
    internal sealed class Script(int seed)
    {
        public const uint Accounts = 6;
        private readonly Random _random = new(seed);
        private readonly long[] _markTicks = [500_000, 500_000];
        private ulong _transfer = 1_000;

        public long TimeMs { get; private set; } = 1_000_000;

        public static Command Money(CommandKind kind, uint account, long amountE8, ulong id, int symbol = 0, PositionSide side = default) => new()
        {
            Kind = kind, Account = account, Amount = amountE8, Key = new ClientKey(1, id), Symbol = symbol, PositionSide = side,
        };

        public Command Next()
        {
            TimeMs += _random.Next(400);
            uint account = (uint)_random.Next(1, (int)Accounts + 1);
            int symbol = _random.Next(2);
            int kind = _random.Next(100);
            return kind switch
            {
                < 60 => Place(account, symbol),
                < 70 => new Command { Kind = CommandKind.Cancel, Account = account, Symbol = symbol, Key = Key(_random.Next(40)) },
                < 78 => Amend(account, symbol),
                < 80 => new Command { Kind = CommandKind.CancelAll, Account = account, Symbol = _random.Next(-1, 2) },
                < 82 => new Command { Kind = CommandKind.Countdown, Account = account, Symbol = symbol, Amount = _random.Next(3_000) },
                < 90 => SetIndex(symbol),
                < 92 => new Command { Kind = CommandKind.SettleFunding, Symbol = symbol, Amount = _random.Next(-100_000, 100_000) },
                < 94 => Money(CommandKind.Deposit, account, _random.Next(1, 100) * 100_000_000L, ++_transfer),
                < 95 => Money(CommandKind.Withdraw, account, _random.Next(1, 30) * 100_000_000L, ++_transfer),
                < 97 => Money(CommandKind.AdjustMargin, account, _random.Next(-20, 40) * 100_000_000L, ++_transfer, 1, SideOf(account, _random.Next(2))),
                < 98 => new Command { Kind = CommandKind.SetState, Symbol = symbol, State = (TradingState)(_random.Next(8) / 7) },
                _ => new Command { Kind = CommandKind.Time },
            };
        }

        private static ClientKey Key(int id) => ClientKey.From(System.Text.Encoding.ASCII.GetBytes($"c-{id}"));

        private static PositionSide SideOf(uint account, int leg) =>
            account <= 4 ? PositionSide.Both : leg == 0 ? PositionSide.Long : PositionSide.Short;

        /// <summary>The price moves on; mostly as an index, which must not grow old, now and then as a mark.</summary>
        private Command SetIndex(int symbol)
        {
            long step = _markTicks[symbol] / 100;
            _markTicks[symbol] = Math.Clamp(_markTicks[symbol] + _random.NextInt64(-step, step + 1), 300_000, 800_000);
            return _random.Next(8) == 0
                ? new Command { Kind = CommandKind.SetMark, Symbol = symbol, PriceTicks = _markTicks[symbol] }
                : new Command { Kind = CommandKind.SetIndex, Symbol = symbol, Amount = _markTicks[symbol] * 10_000_000 };
        }

        private Command Amend(uint account, int symbol) => new()
        {
            Kind = CommandKind.Amend,
            Account = account,
            Symbol = symbol,
            Key = Key(_random.Next(40)),
            Fields = (OrderFields)_random.Next(1, 4),
            PriceTicks = Near(symbol),
            Lots = _random.Next(1, 40),
        };

        private long Near(int symbol) => _markTicks[symbol] + _random.Next(-40, 41) * 25;

        private Command Place(uint account, int symbol)
        {
            var type = (OrderType)(_random.Next(3) == 0 ? _random.Next(7) : 0);
            string id = $"c-{_random.Next(40)}";
            var side = (Side)_random.Next(2);
            var terms = new OrderTerms
            {
                Symbol = symbol,
                Side = side,
                Type = type,
                PositionSide = SideOf(account, _random.Next(2)),
                Lots = _random.Next(1, 60),
                Fields = OrderFields.Lots,
                Stp = (SelfTradePrevention)_random.Next(3),
                Flags = (_random.Next(2) == 0 ? OrderFlags.ReturnRepeats : 0) | (account <= 4 && _random.Next(6) == 0 ? OrderFlags.ReduceOnly : 0)
                    | (_random.Next(2) == 0 ? OrderFlags.WorkingMark : 0),
            };
            if (type.HasLimit())
            {
                terms.PriceTicks = Near(symbol);
                terms.Fields |= OrderFields.Price;
                terms.TimeInForce = (TimeInForce)_random.Next(5);
            }

            if (terms.TimeInForce == TimeInForce.Gtd)
            {
                terms.GtdMs = TimeMs + _random.Next(1, 20_000);
                terms.Fields |= OrderFields.Gtd;
            }

            if (type == OrderType.TrailingStopMarket)
            {
                terms.CallbackRateE8 = 100_000 * _random.Next(1, 10);
                terms.Fields |= OrderFields.Callback;
            }
            else if (type.IsConditional())
            {
                terms.StopTicks = Near(symbol);
                terms.Fields |= OrderFields.Stop;
                if (type is OrderType.StopMarket or OrderType.TakeProfitMarket && _random.Next(3) == 0)
                {
                    terms.Fields &= ~OrderFields.Lots;
                    terms.Lots = 0;
                    terms.Flags = OrderFlags.ClosePosition;
                }
            }

            var clientId = default(ClientOrderId);
            if (_random.Next(3) != 0)
            {
                clientId = ClientOrderId.From(System.Text.Encoding.ASCII.GetBytes(id));
                terms.ClientKey = ClientKey.From(System.Text.Encoding.ASCII.GetBytes(id));
            }
            else
            {
                terms.Flags &= ~OrderFlags.ReturnRepeats;
            }

            return new Command { Kind = CommandKind.Place, Account = account, Symbol = symbol, Terms = terms, ClientId = clientId };
        }
    }
}
