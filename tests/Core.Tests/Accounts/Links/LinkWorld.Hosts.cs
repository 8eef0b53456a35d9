using Exchange.Core.Accounts;
using Exchange.Core.Accounts.Links;
using Exchange.Core.Books;
using Exchange.Core.Marks;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Wire;

namespace Exchange.Core.Tests.Accounts.Links;

internal sealed partial class LinkWorld
{
    private void OnBatch(AccountHost from, int symbol, BookInput[] commands, ulong applied)
    {
        var outcomes = new CommandOutcome[commands.Length];
        RejectReason refusal = RejectReason.None;
        for (int i = 0; i < commands.Length && refusal == RejectReason.None; i++)
        {
            if (commands[i].Kind == BookInputKind.Place)
                commands[i].OrderId = ++_orderIds;
            commands[i].TimeMs = NowMs;
            Apply(symbol, in commands[i]);
            outcomes[i] = _bookOutput.Outcome;
            if (commands[i].Kind == BookInputKind.Place && !_bookOutput.IsRepeat && outcomes[i].IsAccepted
                && commands[i].Terms.Has(OrderFlags.ReturnRepeats))
                Assert.True(_placed.Add((from.Id, commands[i].Terms.ClientKey)), "an order was placed twice");
            if (outcomes[i].Reason is RejectReason.StaleEpoch or RejectReason.NotRegistered or RejectReason.Gap)
                refusal = outcomes[i].Reason;
        }

        (uint epoch, uint batch) = (commands[0].Epoch, commands[0].Batch);
        BookEvent[] events = EventsAfter(symbol, from.Id, applied);
        ulong upTo = _books[symbol].LastNumber(from.Id);
        Send(() => from.Handle((l, o) => l.OnAnswer(symbol, epoch, batch, refusal, outcomes, events, upTo, Market, NowMs, o)));
    }

    private ulong _orderIds;
    private readonly HashSet<(uint Account, ClientKey Key)> _placed = [];

    private void OnRegister(AccountHost from, int symbol, BookInput input, ulong applied)
    {
        Apply(symbol, in input);
        RejectReason refusal = _bookOutput.Outcome.Reason;
        List<OpenOrder> orders = [];
        List<RememberedOrder> ids = [];
        _books[symbol].CopyOpenOrders(from.Id, orders);
        _books[symbol].CopyClientIds(from.Id, ids);
        BookEvent[] events = EventsAfter(symbol, from.Id, applied);
        ulong upTo = _books[symbol].LastNumber(from.Id);
        (OpenOrder[] open, RememberedOrder[] ring) = ([.. orders], [.. ids]);
        Send(() => from.Handle((l, o) => l.OnRegistered(symbol, input.Epoch, refusal, open, events, ring, upTo, Market, NowMs, o)));
    }

    private BookEvent[] EventsAfter(int symbol, uint account, ulong applied)
    {
        List<BookEvent> events = [];
        _books[symbol].CopyEvents(account, applied, events);
        return [.. events];
    }

    public int Left { get; private set; }

    /// <summary>What must hold when everything has arrived.</summary>
    public void CheckQuiet()
    {
        Int128 inside = (Int128)Clearing.FundE8 + Clearing.GrantedE8 + Clearing.FeesE8;
        Assert.Equal(0, Clearing.GrantedE8);
        foreach (AccountHost host in Accounts)
        {
            MarginAccount account = host.Linked.Account;
            account.CheckInvariants(Market);
            Assert.Equal(0, account.HeldE8);
            inside += account.WalletE8;
            for (int symbol = 0; symbol < Symbols; symbol++)
            {
                PositionLeg leg = account.PositionOf(symbol, 0);
                inside += leg.IsolatedE8 - (leg.Lots >= 0 ? leg.CostE8 : -leg.CostE8);
                Assert.Equal(_books[symbol].Position(host.Id, 0), leg.Lots);
                Assert.Equal(_books[symbol].PositionCostE8(host.Id, 0), leg.CostE8);
                CheckOrders(account, symbol);
            }
        }

        Assert.Equal((Int128)Clearing.DepositsE8 - Clearing.WithdrawalsE8 + Clearing.SeedE8, inside);
    }

    private void CheckOrders(MarginAccount account, int symbol)
    {
        List<OpenOrder> orders = [];
        _books[symbol].CopyOpenOrders(account.Id, orders);
        var mine = new OpenOrderRef[account.OpenOrderCount(symbol)];
        account.CopyOpenOrders(symbol, mine);
        Assert.Equal(orders.Select(o => o.OrderId).Order(), mine.Select(o => o.OrderId));
    }

    /// <summary>An account's host: its store, its client, and the way of its messages.</summary>
    internal sealed class AccountHost
    {
        private readonly LinkWorld _world;
        private readonly AccountOutput _output = new();
        private readonly Dictionary<ulong, Command> _unanswered = [];
        private byte[] _durable = [];
        private uint _epoch = 1;
        private ulong _nextToken = 1;
        private ulong _nextKey = 1;

        public AccountHost(LinkWorld world, uint id)
        {
            _world = world;
            Id = id;
            Linked = new LinkedAccount(id);
            Handle((l, o) => l.Start(_epoch, _world.Market, _world.NowMs, o));
            Deposit(300_00000000);
        }

        public uint Id { get; }

        public LinkedAccount Linked { get; private set; }

        public Dictionary<RejectReason, int> Answers { get; } = [];

        public ClientKey NewKey() => new(Id, _nextKey++);

        public void Deposit(long amountE8) => Submit(new Command { Kind = CommandKind.Deposit, Amount = amountE8, Key = NewKey() });

        public void Submit(Command command)
        {
            ulong token = _nextToken++;
            _unanswered[token] = command;
            Handle((l, o) => l.Submit(in command, token, _world.Market, _world.NowMs, o));
        }

        public void CancelOne(int symbol, Random random)
        {
            var orders = new OpenOrderRef[256];
            int count = Math.Min(orders.Length, Linked.Account.CopyOpenOrders(symbol, orders));
            if (count != 0)
                Submit(new Command { Kind = CommandKind.Cancel, Symbol = symbol, OrderId = orders[random.Next(count)].OrderId });
        }

        /// <summary>Closes what it can, then leaves where nothing is left.</summary>
        public void LeaveBooks(int symbol)
        {
            long lots = Linked.Account.PositionOf(symbol, 0).Lots;
            Submit(new Command { Kind = CommandKind.CancelAll, Symbol = symbol });
            if (lots != 0)
            {
                OrderTerms close = AccountFixture.MarketOrder(lots > 0 ? Side.Sell : Side.Buy, Math.Abs(lots), symbol);
                close.Flags = OrderFlags.ReduceOnly;
                Submit(new Command { Kind = CommandKind.Place, Account = Id, Symbol = symbol, Terms = close });
            }

            Handle((l, o) => l.LeaveIdleBooks(_world.Market, _world.NowMs, o));
        }

        /// <summary>Everything volatile is gone; deposits that were not answered are repeated by whoever sent them.</summary>
        public void Crash()
        {
            Linked = new LinkedAccount(Id);
            if (_durable.Length != 0)
                Linked.Read(new SnapshotReader(_durable));
            _epoch++;
            List<Command> again = [.. _unanswered.Values.Where(c => c.Kind is CommandKind.Deposit || c.Terms.Has(OrderFlags.ReturnRepeats))];
            _unanswered.Clear();
            Handle((l, o) => l.Start(_epoch, _world.Market, _world.NowMs, o));
            foreach (Command command in again)
                Submit(command);
        }

        public void Tick()
        {
            Handle((l, o) => l.Tick(_world.Market, _world.NowMs, o));
            foreach ((ulong token, Command command) in _retry.ToList())
            {
                _retry.Remove(token);
                Submit(command);
            }
        }

        private readonly Dictionary<ulong, Command> _retry = [];

        public void Handle(Action<LinkedAccount, AccountOutput> input)
        {
            input(Linked, _output);
            foreach (ref readonly AccountMessage message in _output.Messages)
                CarryOut(message);
            _output.Clear();
        }

        private void CarryOut(AccountMessage message)
        {
            int symbol = message.Symbol;
            switch (message.Kind)
            {
                case AccountMessageKind.Batch:
                    BookInput[] commands = [.. _output.CommandsOf(in message)];
                    _world.Send(() => _world.OnBatch(this, symbol, [.. commands], message.Number));
                    break;
                case AccountMessageKind.Register:
                    BookInput register = _output.CommandsOf(in message)[0];
                    _world.Send(() => _world.OnRegister(this, symbol, register, message.Number));
                    break;
                case AccountMessageKind.Acknowledge:
                    BookInput acknowledge = _output.CommandsOf(in message)[0];
                    _world.Send(() => _world.Apply(symbol, in acknowledge));
                    break;
                case AccountMessageKind.Leave:
                    BookInput leave = _output.CommandsOf(in message)[0];
                    _world.Send(() =>
                    {
                        _world.Apply(symbol, in leave);
                        RejectReason refusal = _world._bookOutput.Outcome.Reason;
                        _world.Left += refusal == RejectReason.None ? 1 : 0;
                        _world.Send(() => Handle((l, o) => l.OnLeft(symbol, leave.Epoch, refusal, _world.Market, _world.NowMs, o)));
                    });
                    break;
                case AccountMessageKind.AskEvents:
                    _world.Send(() =>
                    {
                        BookEvent[] events = _world.EventsAfter(symbol, Id, message.Number);
                        _world.Send(() => Handle((l, o) => l.OnEvents(symbol, events, _world.Market, _world.NowMs, o)));
                    });
                    break;
                case AccountMessageKind.Range:
                    _world.Send(() =>
                    {
                        _world._alarms[symbol].Register(message.Range);
                        _world.Send(() => Handle((l, o) => l.OnRangeTaken(
                            symbol, message.Range.Epoch, message.Range.Number, _world.Market, _world.NowMs, o)));
                    });
                    break;
                case AccountMessageKind.Reserve or AccountMessageKind.Settle or AccountMessageKind.Report:
                    AskClearing(message);
                    break;
                case AccountMessageKind.Write:
                    Store(message.Number);
                    break;
                case AccountMessageKind.Reply:
                    Answered(message);
                    break;
                default:
                    throw new InvalidOperationException($"{message.Kind} of account {Id}.");
            }
        }

        private void AskClearing(AccountMessage message)
        {
            switch (message.Kind)
            {
                case AccountMessageKind.Reserve:
                    _world.Send(() =>
                    {
                        long grant = _world.Clearing.Reserve(Id, message.Liquidation, message.Step, message.AmountE8);
                        _world.Send(() => Handle((l, o) => l.OnGranted(
                            message.Liquidation, message.Step, grant, _world.Market, _world.NowMs, o)));
                    });
                    break;
                case AccountMessageKind.Settle:
                    _world.Send(() =>
                    {
                        if (_world.Clearing.Settle(Id, message.Liquidation, message.Step, message.AmountE8, message.EarnedE8))
                            _world.Closes++;
                        _world.Send(() => Handle((l, o) => l.OnSettled(
                            message.Liquidation, message.Step, _world.Market, _world.NowMs, o)));
                    });
                    break;
                case AccountMessageKind.Report:
                    _world.Send(() =>
                    {
                        _world.Clearing.Report(Id, message.Number, in message.Totals);
                        _world.Send(() => Linked.OnReported(message.Number));
                    });
                    break;
            }
        }

        private void Store(ulong number)
        {
            LinkedAccount sender = Linked;
            SnapshotWriter writer = new();
            Linked.Write(writer);
            byte[] bytes = writer.Written.ToArray();
            _world.Later(_world._random.Next(5, 300), () =>
            {
                if (sender != Linked)
                    return; // A dead activation's write: fenced by its epoch.
                _durable = bytes;
                Handle((l, o) => l.OnWritten(number, _world.Market, _world.NowMs, o));
            });
        }

        private void Answered(in AccountMessage reply)
        {
            Assert.True(_unanswered.Remove(reply.Token, out Command command), "answered twice or never asked");
            Answers[reply.Reason] = Answers.GetValueOrDefault(reply.Reason) + 1;
            bool isRetried = reply.Reason == RejectReason.AccountRecovering
                || (reply.Reason == RejectReason.AccountInLiquidation && command.Kind == CommandKind.Deposit);
            if (isRetried)
                _retry[reply.Token] = command;
        }
    }
}
