using System.Diagnostics;
using Exchange.Core.Accounts.Links;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Wire;

namespace Exchange.Core.Nodes;

/// <summary>One activation of an account: brings its machine messages and commands, and carries out what it wants.</summary>
/// <remarks>
/// A host: takes the next epoch of the account's stream, then reads its state, and calls <see cref="Start"/>; then
/// <see cref="Receive(NodeId, NodeMessage)"/> as messages come, <see cref="Tick"/> when <see cref="NextTickMs"/> is reached, <see cref="OnWritten"/> when a
/// write is durable. Where a write fails or its outcome is unknown, the object is forgotten. Rules: docs/protocol.md.
/// </remarks>
public sealed partial class AccountNode
{
    private readonly IAccountHost _host;
    private readonly NodeSettings _settings;
    private readonly IAccountObserver? _observer;
    private AccountOutput? _ownRoom;
    private readonly SnapshotWriter _state = new(512);
    private uint _epoch;
    private ulong _instrumentsVersion;
    private long _timeMs;
    private long _tickedMs;
    private long _leaveAtMs;

    public AccountNode(IAccountHost host, uint account, NodeSettings? settings = null, IAccountObserver? observer = null)
    {
        _host = host;
        _settings = settings ?? NodeSettings.Default;
        _observer = observer;
        Account = account;
        Link = new LinkedAccount(account);
    }

    public uint Account { get; }

    public NodeId Id => NodeId.Account(Account);

    /// <summary>The machine; for reading.</summary>
    public LinkedAccount Link { get; }

    public uint Epoch => _epoch;

    /// <summary>The largest time it has seen, ms.</summary>
    public long TimeMs => _timeMs;

    /// <summary>It was created, in this life or before.</summary>
    public bool Exists { get; private set; }

    /// <summary>It takes part. Before, a mark of a symbol that it may hold is not known: a position would count as nothing.</summary>
    public bool IsStarted { get; private set; }

    /// <summary>A newer activation exists: nothing more is done.</summary>
    public bool IsSteppedDown { get; private set; }

    /// <summary>Nothing is under way, so nothing is lost with the object but sessions.</summary>
    public bool IsAtRest => IsStarted && !Link.IsRecovering && Link.IsAtRest;

    /// <summary>When <see cref="Tick"/> is wanted at the latest, by the host's clock; <see cref="long.MaxValue"/>: not at all.</summary>
    public long NextTickMs
    {
        get
        {
            if (IsSteppedDown)
                return long.MaxValue;
            long next = IsStarted ? Link.NextTickMs : 0;
            if (next != long.MaxValue)
                return Math.Max(next, _tickedMs + _settings.AccountTickMs);
            return Link.HasIdleBook ? _leaveAtMs : long.MaxValue;
        }
    }

    private AccountOutput Output => _host.Room ?? (_ownRoom ??= new AccountOutput());

    /// <summary>Begins the activation, at once or as soon as the marks it needs are known.</summary>
    /// <param name="epoch">Higher than any before, taken from the store before the state was read.</param>
    /// <param name="state">The last durable write; empty: there is none.</param>
    /// <exception cref="SnapshotException">The state is damaged, or another account's.</exception>
    public void Start(uint epoch, ReadOnlyMemory<byte> state)
    {
        Invariant.Holds(_epoch == 0 && epoch != 0);
        _epoch = epoch;
        if (!state.IsEmpty)
        {
            Link.Read(new SnapshotReader(state));
            Exists = true;
        }

        _timeMs = _tickedMs = _host.NowMs;
        _leaveAtMs = _timeMs + _settings.LeaveIdleMs;
        TryStart();
    }

    public void Receive(NodeId from, NodeMessage message)
    {
        if (!IsReady())
            return;
        switch (message)
        {
            case HelloMessage: SendSession(SessionOf(from)); return;
            case CommandsMessage commands: Receive(from, commands); break;
            case BatchAnswer answer:
                Link.OnAnswer(
                    answer.Symbol, answer.Epoch, answer.Batch, answer.Refusal, answer.Outcomes, answer.Events, answer.UpTo,
                    _host.Market, _timeMs, Output);
                break;
            case EventsMessage events: Receive(events); return;
            case RegisteredMessage registered:
                Link.OnRegistered(
                    registered.Symbol, registered.Epoch, registered.Refusal, registered.Orders, registered.Events, registered.ClientIds,
                    registered.UpTo, _host.Market, _timeMs, Output);
                Output.Named = registered.Named;
                break;
            case LeftMessage left: Link.OnLeft(left.Symbol, left.Epoch, left.Refusal, _host.Market, _timeMs, Output); break;
            case WakeMessage wake: Link.OnWake(wake.Symbol, _host.Market, _timeMs, Output); break;
            case RangeTakenMessage taken:
                Link.OnRangeTaken(taken.Symbol, taken.Epoch, taken.Number, _host.Market, _timeMs, Output);
                break;
            case GrantedMessage granted:
                Link.OnGranted(granted.Liquidation, granted.Step, granted.GrantE8, _host.Market, _timeMs, Output);
                break;
            case SettledMessage settled: Link.OnSettled(settled.Liquidation, settled.Step, _host.Market, _timeMs, Output); break;
            case ReportTakenMessage taken: Link.OnReported(taken.Number); return;
            default: throw new UnreachableException($"{Id} got {message.Kind}.");
        }

        CarryOut();
    }

    /// <summary>The write with this number is durable.</summary>
    public void OnWritten(ulong number)
    {
        if (!IsReady())
            return;
        Link.OnWritten(number, _host.Market, _timeMs, Output);
        CarryOut();
    }

    /// <summary>Time passes: what is unanswered is repeated, what waited long enough is written, what is due is worked.</summary>
    public void Tick()
    {
        if (!IsReady())
            return;
        _tickedMs = _timeMs;
        if (_timeMs >= _leaveAtMs)
        {
            _leaveAtMs = _timeMs + _settings.LeaveIdleMs;
            Link.LeaveIdleBooks(_host.Market, _timeMs, Output);
            CarryOut();
            if (IsSteppedDown)
                return;
        }

        Link.Tick(_host.Market, _timeMs, Output);
        CarryOut();
        ForgetSilentClients();
    }

    /// <summary>Time goes on, and what was computed from an instrument that has changed is void.</summary>
    private bool IsReady()
    {
        _timeMs = Math.Max(_timeMs, _host.NowMs);
        if (IsSteppedDown || (!IsStarted && !TryStart()))
            return false;
        if (_host.Market.InstrumentsVersion == _instrumentsVersion)
            return true;
        _instrumentsVersion = _host.Market.InstrumentsVersion;
        for (int i = 0; i < Link.Account.SymbolCount; i++)
            Link.Account.ForgetFigures(Link.Account.SymbolAt(i));
        return true;
    }

    private bool TryStart()
    {
        MarketTable market = _host.Market;
        for (int i = 0; i < Link.Account.SymbolCount; i++)
        {
            int symbol = Link.Account.SymbolAt(i);
            if (!market.IsListed(symbol) || (market[symbol].MarkTicks == 0 && Link.Account.MayHold(symbol)))
            {
                _tickedMs = _timeMs;
                return false;
            }
        }

        IsStarted = true;
        _instrumentsVersion = market.InstrumentsVersion;
        Link.Start(_epoch, market, _timeMs, Output);
        CarryOut();
        return true;
    }

    private void Receive(EventsMessage message)
    {
        Link.OnEvents(message.Symbol, message.Events, _host.Market, _timeMs, Output);
        CarryOut();
        ulong applied = Link.Account.LastEventOf(message.Symbol);
        if (!IsSteppedDown && message.Events.Length != 0 && applied == message.Events[^1].Number && applied < message.UpTo)
            _host.Send(NodeId.Book(message.Symbol), new EventsWantedMessage(Account, applied));
    }

    public override string ToString()
    {
        if (!IsStarted)
            return $"{Id} waits for marks";
        return $"{Id} epoch {_epoch}, recovering {Link.IsRecovering}, in liquidation {Link.Account.IsInLiquidation}"
            + $", open closes {Link.Account.OpenCloses.Length}, at rest {Link.IsAtRest}";
    }
}
