using Exchange.Core;
using Exchange.Core.Accounts;
using Exchange.Core.Accounts.Links;
using Exchange.Core.Marks;
using Exchange.Core.Wire;
using Exchange.Simulation.Checks;
using Exchange.Simulation.Clients;
using Exchange.Simulation.Disks;
using Exchange.Simulation.Networks;
using Exchange.Simulation.Worlds;

namespace Exchange.Simulation.Accounts;

/// <summary>One activation of an account: carries out what the machine wants, and brings it the answers.</summary>
internal sealed partial class Activation
{
    private readonly World _world;
    private readonly AccountNode _node;
    private readonly StateStore _store;
    private readonly uint _epoch;
    private readonly MarketTable _market = new();
    private readonly long[] _markMs;
    private readonly AccountOutput _output = new();
    private readonly Dictionary<ulong, ReplyMessage> _replies = [];
    private PendingWrite? _write;
    private ulong _nextCommand = 1;
    private long _tickAtMs;

    public Activation(World world, AccountNode node, StateStore store)
    {
        _world = world;
        _node = node;
        _store = store;
        _epoch = store.TakeEpoch();
        _markMs = new long[world.Instruments.Length];
        foreach (var instrument in world.Instruments)
            _market.Add(instrument);
        Link = new LinkedAccount(node.Account);
        if (store.Durable is { } bytes)
            Link.Read(new SnapshotReader(bytes));
        if (world.Mutant == Mutant.SpentIsNotKept)
            ForgetWhatWasSpent();
    }

    public LinkedAccount Link { get; }

    /// <summary>It has its epoch, and a mark of every symbol: without marks it would judge as if positions were worth nothing.</summary>
    public bool IsStarted { get; private set; }

    public bool HasSteppedDown { get; private set; }

    public bool IsAtRest => IsStarted && !Link.IsRecovering && Link.IsAtRest && _write is null;

    private long NowMs => _world.NowMs;

    public void Receive(int from, Message message)
    {
        if (message is MarkMessage mark)
            SetMark(mark);
        else if (IsStarted && !HasSteppedDown)
            Take(from, message);
    }

    public void Tick()
    {
        if (_write is { } write && NowMs >= write.DoneMs)
            EndWrite(write);
        if (_world.Mutant == Mutant.NoWaitForAccountWrite && _write is { } begun && IsStarted && !HasSteppedDown)
            Input(() => Link.OnWritten(begun.Number, _market, NowMs, _output));
        if (!IsStarted || HasSteppedDown || NowMs < _tickAtMs)
            return;
        _tickAtMs = NowMs + _world.Random.Between(100, 900);
        if (_world.Random.Chance(4_000))
            Input(() => Link.LeaveIdleBooks(_market, NowMs, _output));
        Input(() => Link.Tick(_market, NowMs, _output));
    }

    /// <summary>A write on its way may arrive after its writer is gone.</summary>
    public void Crash()
    {
        if (_write is { } write && _world.Random.Chance(50_000))
            _store.TryWrite(_epoch, write.State);
        HasSteppedDown = true;
    }

    public void CheckInvariants() => Link.Account.CheckInvariants(_market);

    private void Take(int from, Message message)
    {
        switch (message)
        {
            case HelloMessage: SendTo(from, new SessionMessage(_epoch)); break;
            case CommandMessage command: Take(from, command); break;
            case BatchAnswer answer:
                answer = Renamed(Renumbered(answer));
                Input(() => Link.OnAnswer(
                    answer.Symbol, answer.Epoch, answer.Batch, answer.Refusal, answer.Outcomes, answer.Events, answer.UpTo,
                    _market, NowMs, _output));
                break;
            case RegisteredMessage registered:
                Input(() => Link.OnRegistered(
                    registered.Symbol, registered.Epoch, registered.Refusal, registered.Orders, registered.Events,
                    registered.ClientIds, registered.UpTo, _market, NowMs, _output));
                break;
            case EventsMessage events:
                events = Renumbered(events);
                Input(() => Link.OnEvents(events.Symbol, events.Events, _market, NowMs, _output));
                break;
            case LeftMessage left:
                Input(() => Link.OnLeft(left.Symbol, left.Epoch, left.Refusal, _market, NowMs, _output));
                break;
            case WakeMessage wake:
                Input(() => Link.OnWake(wake.Symbol, _market, NowMs, _output));
                break;
            case RangeTakenMessage taken:
                Input(() => Link.OnRangeTaken(taken.Symbol, taken.Epoch, taken.Number, _market, NowMs, _output));
                break;
            case GrantedMessage granted:
                Input(() => Link.OnGranted(granted.Liquidation, granted.Step, granted.GrantE8, _market, NowMs, _output));
                break;
            case SettledMessage settled:
                Input(() => Link.OnSettled(settled.Liquidation, settled.Step, _market, NowMs, _output));
                break;
            case ReportTakenMessage taken: Link.OnReported(taken.Number); break;
            default: throw new InvalidOperationException($"{_node.Name} got {message}.");
        }
    }

    /// <summary>Commands of this session are done in order, each once; what was answered is answered again.</summary>
    private void Take(int from, CommandMessage message)
    {
        if (message.Session != _epoch)
        {
            SendTo(from, new SessionMessage(_epoch));
            return;
        }

        for (ulong number = message.Answered; number > 0 && _replies.Remove(number); number--)
        {
        }

        if (_replies.TryGetValue(message.Number, out ReplyMessage? known))
            SendTo(from, known);
        if (message.Number != _nextCommand)
            return;
        _nextCommand++;
        if (_world.Mutant == Mutant.RingAfterChecks && IsRefusedByChecks(message))
            return;
        Input(() => Link.Submit(message.Command, message.Number, _market, NowMs, _output));
    }

    private void SetMark(MarkMessage mark)
    {
        ref MarketTable.Entry entry = ref _market[mark.Symbol];
        if (mark.Update.TimeMs <= _markMs[mark.Symbol])
            return;
        _markMs[mark.Symbol] = mark.Update.TimeMs;
        entry.MarkTicks = mark.Update.Ticks;
        entry.Gap = mark.Update.Gap;
        if (IsStarted || !Array.TrueForAll(_markMs, ms => ms != 0))
            return;
        IsStarted = true;
        Input(() => Link.Start(_epoch, _market, NowMs, _output));
    }

    private void Input(Action input)
    {
        for (int symbol = 0; symbol < _markMs.Length; symbol++)
            _market[symbol].IsStale = NowMs - _markMs[symbol] > Mark.IndexStaleMs;
        _output.Clear();
        input();
        foreach (ref readonly AccountMessage message in _output.Messages)
            CarryOut(in message);
        if (_world.Mutant == Mutant.LiquidationNotWrittenBeforeReserve && IsStarted && !HasSteppedDown)
            ReserveTooEarly();
    }

    private void CarryOut(in AccountMessage message)
    {
        switch (message.Kind)
        {
            case AccountMessageKind.Batch:
                var first = _output.CommandsOf(in message)[0];
                _sentBatches[message.Symbol] = (first.Batch, message.Count);
                SendTo(_world.BookNodeOf(message.Symbol), new BatchMessage(
                    _node.Account, first.Epoch, first.Batch, _output.CommandsOf(in message).ToArray(),
                    Link.Account.LastEventOf(message.Symbol)));
                break;
            case AccountMessageKind.Register:
                var register = _output.CommandsOf(in message)[0];
                SendTo(_world.BookNodeOf(message.Symbol), new RegisterMessage(register, register.Number));
                break;
            case AccountMessageKind.Acknowledge:
                SendTo(_world.BookNodeOf(message.Symbol), new AcknowledgeMessage(_output.CommandsOf(in message)[0]));
                break;
            case AccountMessageKind.Leave:
                SendTo(_world.BookNodeOf(message.Symbol), new LeaveMessage(_output.CommandsOf(in message)[0]));
                break;
            case AccountMessageKind.AskEvents:
                SendTo(_world.BookNodeOf(message.Symbol), new EventsWantedMessage(_node.Account, message.Number));
                break;
            case AccountMessageKind.Range:
                SendTo(_world.MarkNodeOf(message.Symbol), new RangeMessage(message.Range));
                break;
            case AccountMessageKind.Reserve:
                SendTo(_world.ClearingId, new ReserveMessage(_node.Account, message.Liquidation, message.Step, message.AmountE8));
                break;
            case AccountMessageKind.Settle:
                SendTo(_world.ClearingId, new SettleMessage(
                    _node.Account, message.Liquidation, message.Step, message.AmountE8, message.EarnedE8));
                break;
            case AccountMessageKind.Report:
                SendTo(_world.ClearingId, new TotalsMessage(_node.Account, message.Number, message.Totals));
                break;
            case AccountMessageKind.Write:
                BeginWrite(message.Number);
                break;
            case AccountMessageKind.Reply:
                Reply(message.Token, message.Reason, message.OrderId, message.IsRepeat);
                break;
            case AccountMessageKind.StepDown:
                HasSteppedDown = true;
                break;
            default:
                throw new InvalidOperationException($"{_node.Name} wants {message.Kind}.");
        }
    }

    private void Reply(ulong number, RejectReason reason, ulong orderId, bool isRepeat)
    {
        var reply = new ReplyMessage(_epoch, number, reason, orderId, isRepeat);
        _replies[number] = reply;
        SendTo(_world.ClientNodeOf(_node.Account), reply);
    }

    private void BeginWrite(ulong number)
    {
        if (_write is not null && _world.Mutant != Mutant.NoWaitForAccountWrite)
            throw new FaultFoundException($"{_node.Name} wants to write while it writes");
        var writer = new SnapshotWriter();
        Link.Write(writer);
        byte[] state = writer.Written.ToArray();
        if (_world.Mutant == Mutant.WriteIsNotOneCut)
            state = WithPositionsOfLastWrite(state);
        long tookMs = _world.Random.Chance(_world.Faults.SlowSync) ? _world.Random.Between(200, 2_000) : _world.Random.Between(1, 60);
        _write = new PendingWrite(number, state, NowMs + tookMs);
    }

    private void EndWrite(PendingWrite write)
    {
        // A failed write may have arrived: the activation must not guess, it ends.
        bool hasFailed = _world.Random.Chance(_world.Faults.FailedSync);
        if (hasFailed && _world.Random.Chance(50_000))
            _write = null;
        if (hasFailed || !_store.TryWrite(_epoch, write.State))
        {
            HasSteppedDown = true;
            return;
        }

        _write = null;
        if (!HasSteppedDown)
            Input(() => Link.OnWritten(write.Number, _market, NowMs, _output));
    }

    private void SendTo(int to, Message message) => _node.SendFrom(this, to, message);

    public override string ToString()
    {
        if (!IsStarted)
            return "waits for marks";
        MarginAccount account = Link.Account;
        return $"recovering {Link.IsRecovering}, at rest {Link.IsAtRest}, in liquidation {account.IsInLiquidation}"
            + $", open closes {account.OpenCloses.Length}, writing {_write is not null}";
    }

    private sealed record PendingWrite(ulong Number, byte[] State, long DoneMs);
}
