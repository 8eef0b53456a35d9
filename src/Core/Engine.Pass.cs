using Exchange.Core.Accounts;
using Exchange.Core.Marks;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core;

// Liquidation instants (docs/protocol.md 5): a pass over due accounts by id, the risk cancels of 5.7, the trigger queue. An input works
// a slice of it, counted in accounts and events; what is left goes on with Time, and other commands come between.
public sealed partial class Engine
{
    /// <summary>Whom a host gives to <see cref="Prefetch"/> at once, a pass does, too.</summary>
    private readonly CommandAim[] _passAims = new CommandAim[LookAhead];
    private readonly AccountWatches _watches = new();
    private PassStage _pass;

    /// <summary>The pass has worked all accounts below this id.</summary>
    private uint _passNext;
    private int _passSymbol;
    private uint _passFetched;
    private int _looks;
    private bool _isUnbounded;
    private MarginAccount? _due;

    /// <summary>Where a pass stands; part of the state.</summary>
    private enum PassStage : byte
    {
        /// <summary>No pass: accounts that something moves are noted for the next.</summary>
        None = 0,

        /// <summary>Orders that the mark has met start.</summary>
        Triggering = 1,

        /// <summary>Whose range the mark has left is woken.</summary>
        Waking = 2,

        /// <summary>Who is due is liquidated, whoever is safe watched by the marks.</summary>
        Liquidating = 3,

        /// <summary>The turn of an account waits until those are ranked who may have to take over its position.</summary>
        Ranking = 4,

        /// <summary>Of those that the pass or a command has moved since, orders that are not payable are canceled; then they are watched.</summary>
        Watching = 5,

        /// <summary>Orders met meanwhile start.</summary>
        Closing = 6,
    }

    /// <summary>A pass is not at its end: it goes on with the next <see cref="CommandKind.Time"/>, and no mark moves before it is.</summary>
    public bool HasOpenPass => _pass != PassStage.None;

    /// <summary>Accounts and events after which an input leaves the rest of a pass to the next. Tests set it low.</summary>
    internal int SliceWork { get; init; } = EngineLimits.SliceWork;

    /// <summary>For tests that look at every account instead: told when a pass begins (false) and when due accounts are worked (true).</summary>
    internal Action<bool>? PassWitness { get; set; }

    /// <summary>Accounts that passes have looked at: tests compare with how many there are.</summary>
    internal long LookCount { get; private set; }

    /// <summary>Whether the account is looked at in this pass, or else at the next instant.</summary>
    internal bool IsDue(uint account) => _watches.IsNoted(account);

    private bool IsSliceFull => !_isUnbounded && _looks + _output.EventCount >= SliceWork;

    /// <summary>Not everybody whose range the mark has left is noted yet.</summary>
    internal bool IsWaking => _pass is PassStage.Triggering or PassStage.Waking;

    private PriceAlarms Alarms => _marks[_passSymbol].Alarms;

    /// <summary>Begins a pass over whoever is noted and whom the symbol's marks have woken; no other may be open.</summary>
    private void OpenPass(int movedSymbol)
    {
        Invariant.Holds(!HasOpenPass);
        _passSymbol = movedSymbol;
        Enter(PassStage.Triggering);
    }

    /// <summary>An operator's act that the pass must not see half done waits for its end, and all other commands with it.</summary>
    private void FinishPass()
    {
        if (!HasOpenPass)
            return;
        _isUnbounded = true;
        WorkInstants();
        _isUnbounded = false;
    }

    /// <summary>The open pass goes on, as far as the input's share allows.</summary>
    private void WorkPass()
    {
        while (HasOpenPass && !IsSliceFull)
        {
            switch (_pass)
            {
                case PassStage.Triggering: StartMet(PassStage.Waking); break;
                case PassStage.Waking: Wake(); break;
                case PassStage.Ranking: WorkRanking(); break;
                case PassStage.Closing: StartMet(PassStage.None); break;
                default: WorkNextAccount(); break;
            }
        }
    }

    /// <summary>The next order of the trigger queue; if there is none, the stage that follows.</summary>
    private void StartMet(PassStage following)
    {
        if (!TryWorkTrigger())
            Enter(following);
    }

    private void Wake()
    {
        if (Alarms.TryWake())
        {
            _looks++;
            return;
        }

        // All of them: a mark may have come back into the range of one who was woken before and is watched by nobody since.
        foreach (uint account in Alarms.WokenInAnyOrder)
            _watches.Note(account);
        PassWitness?.Invoke(false);
        Enter(PassStage.Liquidating);
    }

    private void WorkNextAccount()
    {
        if (!_watches.TryNext(_passNext, out uint id))
        {
            EndAccounts();
            return;
        }

        if (id >= _passFetched)
            FetchAhead(id);
        _passNext = id + 1;
        _watches.Forget(id);
        _looks++;
        LookCount++;
        MarginAccount account = _accounts[id]!;
        if (_pass == PassStage.Liquidating)
            Judge(account);
        else
            Rewatch(account);
    }

    /// <summary>Asks for the memory of some accounts whose turn comes next: they lie anywhere.</summary>
    private void FetchAhead(uint id)
    {
        int count = 0;
        for (; count < _passAims.Length && _watches.TryNext(id, out uint next); id = next + 1)
            _passAims[count++] = new CommandAim(next, -1, 0, 0);
        _passFetched = id;
        Ask(_passAims.AsSpan(0, count), accounts: true, books: false, 0);
    }

    /// <summary>An account's turn: watched by the marks if it is safe, else liquidated and looked at again when all are.</summary>
    private void Judge(MarginAccount account)
    {
        if (account.WalletE8 >= 0 && Watch(account))
            return;
        _watches.Note(account.Id);
        if (RankingFor(account) is >= 0 and var ranking)
        {
            _passNext = account.Id;
            BeginRanking(ranking);
            return;
        }

        Liquidate(account);
    }

    private void EndAccounts()
    {
        if (_pass == PassStage.Liquidating)
        {
            PassWitness?.Invoke(true);
            Enter(PassStage.Watching);
            return;
        }

        ForgetRankings();
        Enter(PassStage.Closing);
    }

    /// <summary>Orders that are not payable go; then the account is watched, or looked at again at the next instant.</summary>
    private void Rewatch(MarginAccount account)
    {
        if (!account.IsPayable(_market))
            CancelEverywhere(account, EndReason.Risk);
        if (Watch(account))
            _watches.Forget(account.Id);
        else
            _watches.Note(account.Id);
    }

    private void Enter(PassStage stage)
    {
        _pass = stage;
        _passNext = 1;
        _passFetched = 0;
    }

    /// <summary>Registers the account's ranges; false: it is due, or not payable, and must be looked at again.</summary>
    private bool Watch(MarginAccount account)
    {
        WatchOutcome outcome = account.Watch(_market);
        while (account.TryTakeRange(out int symbol, out PriceRange range))
            _marks[symbol].Alarms.Register(in range);
        return (outcome & (WatchOutcome.Under | WatchOutcome.Unpayable)) == 0;
    }

    /// <summary>Due accounts' orders are refused from the instant on, though their turn has not come; whoever is safe may go on.</summary>
    private void TellIfDue(MarginAccount account)
    {
        bool isWaiting = _pass switch
        {
            PassStage.Triggering or PassStage.Waking => true,
            PassStage.Liquidating or PassStage.Ranking => account.Id >= _passNext && _watches.IsNoted(account.Id),
            _ => false,
        };
        if (!isWaiting || !account.IsUnderMaintenance(_market))
            return;
        account.IsDue = true;
        _due = account;
    }

    private void ForgetDue()
    {
        _due!.IsDue = false;
        _due = null;
    }
}
