using System.Diagnostics;
using System.Runtime.CompilerServices;
using Exchange.Core.Accounts;
using Exchange.Core.Books;
using Exchange.Core.Clearing;
using Exchange.Core.Instruments;
using Exchange.Core.Marks;
using Exchange.Core.Port;

namespace Exchange.Core;

/// <summary>The machines wired in one process: one input at a time, every message between them delivered at once.</summary>
/// <remarks>
/// Inputs are <see cref="Command"/>s with the time their journal gave them; the same inputs give the same state and outputs
/// everywhere. It decides nothing itself: accounts judge and reserve, books match, marks move, Clearing keeps the fund. What it
/// adds is one order over all of them, which a single process can have: timers, triggers, liquidation instants (docs/protocol.md
/// 5, 9).
/// </remarks>
public sealed partial class Engine : IBookHooks
{
    private readonly MarketTable _market = new();
    private readonly ClearingHouse _clearing = new();
    private readonly List<OrderBook> _books = [];
    private readonly BookOutput _bookOutput = new();
    private MarginAccount?[] _accounts = new MarginAccount?[1024];
    private EngineOutput _output = new();
    private BookInput _message;

    /// <summary>One command is in flight at a time: all accounts share the room for it, which so stays in the cache.</summary>
    private readonly InFlight[] _flights = new InFlight[2];
    private ulong _nextOrderId = 1;
    private long _timeMs;

    /// <summary>Tests show with it what the rule that open orders must be payable (docs/rules/margin.md 5.7) is good for.</summary>
    internal bool IgnoresOpenLosses { get; init; }

    /// <summary>Tests set it low.</summary>
    internal int MaxSymbols { get; init; } = EngineLimits.MaxSymbols;

    public MarketTable Market => _market;

    public ClearingHouse Clearing => _clearing;

    public IReadOnlyList<OrderBook> Books => _books;

    /// <summary>The largest time of any input.</summary>
    public long TimeMs => _timeMs;

    /// <summary>No account has this id or a higher one.</summary>
    public uint AccountsEnd => (uint)_accounts.Length;

    public MarginAccount? Account(uint id) => id < (uint)_accounts.Length ? _accounts[id] : null;

    /// <summary>Advances the venue by one input; never waits, and never throws for what a client sent.</summary>
    /// <param name="command">The input.</param>
    /// <param name="timeMs">Its time; an earlier one than the last counts as the last.</param>
    /// <param name="output">Cleared first, then told everything that happened, timers included.</param>
    /// <param name="listing">ListInstrument, ChangeInstrument: the instrument; else null.</param>
    public void Apply(in Command command, long timeMs, EngineOutput output, Instrument? listing = null)
    {
        Begin(timeMs, output);
        FireTimers();
        CarryOut(in command, output, listing);
        output.Course = CourseOf(in command);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Begin(long timeMs, EngineOutput output)
    {
        output.Clear();
        _output = output;
        _messages = 0;
        _needsWhole = false;
        _hasRegistered = false;
        _hasTrace = false;
        _looks = 0;
        if (timeMs > _timeMs)
            _timeMs = timeMs;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CarryOut(in Command command, EngineOutput output, Instrument? listing)
    {
        RejectReason reason = command.Kind switch
        {
            CommandKind.Place => Place(in command),
            CommandKind.Cancel => Cancel(in command),
            CommandKind.Amend => Amend(in command),
            CommandKind.CancelAll => CancelAll(in command),
            CommandKind.Countdown => Countdown(in command),
            CommandKind.ListInstrument => List(listing!),
            CommandKind.ChangeInstrument => Change(listing!),
            _ => ApplyOther(in command),
        };
        output.Reason = reason;
        if (reason != RejectReason.None)
            output.LimitValue = LimitOf(in command, reason);
        if (_due is not null)
            ForgetDue();
        FoldOutput(output);
    }

    private RejectReason ApplyOther(in Command command) => command.Kind switch
    {
        CommandKind.SetLeverage or CommandKind.SetMarginMode or CommandKind.SetPositionMode => Set(in command),
        CommandKind.CreateAccount => CreateAccount(command.Account),
        CommandKind.Deposit or CommandKind.Withdraw or CommandKind.AdjustMargin => MoveMoney(in command),
        CommandKind.SetState => SetState(in command),
        CommandKind.SetAccountState => SetAccountState(in command),
        CommandKind.Settle => Settle(in command),
        CommandKind.SetMark => SetMark(in command),
        CommandKind.SettleFunding => SettleFunding(in command),
        CommandKind.SetIndex => SetIndex(in command),
        CommandKind.SeedInsurance => SeedInsurance(in command),
        CommandKind.Time => GoOn(),
        _ => throw new UnreachableException($"Command {command.Kind}."),
    };

    private RejectReason CreateAccount(uint id)
    {
        if (id == 0 || id > EngineLimits.MaxAccountId)
            return RejectReason.UnknownAccount;
        if (Account(id) is not null)
            return RejectReason.AccountExists;
        if (id >= _accounts.Length)
            Array.Resize(ref _accounts, (int)Math.Min(EngineLimits.MaxAccountId + 1, Math.Max(id + 1, _accounts.Length * 2L)));
        _accounts[id] = new MarginAccount(id, _flights) { IgnoresOpenLosses = IgnoresOpenLosses };
        _watches.Reserve(id);
        Tell(EngineEventKind.Account, -1, id);
        return RejectReason.None;
    }

    private RejectReason List(Instrument instrument)
    {
        for (int symbol = 0; symbol < _market.Count; symbol++)
        {
            if (string.Equals(_market[symbol].Instrument.Symbol, instrument.Symbol, StringComparison.Ordinal))
                return RejectReason.SymbolExists;
        }

        if (instrument.SymbolId != _market.Count || _market.Count == MaxSymbols)
            return RejectReason.InstrumentRefused;
        if (instrument.FixedIndexTicks != 0)
            FinishPass(); // There will be a mark at once.
        _market.Add(instrument);
        _books.Add(new OrderBook(instrument, this));
        _movesSeen.Add(NotRanked);
        AddMark(instrument);
        TellInstrument(instrument.SymbolId);
        return RejectReason.None;
    }

    /// <summary>
    /// Other fees, brackets, bounds, funding terms, for a symbol without open orders. Its units are for life: prices and quantities
    /// of all that ever happened are counted in them.
    /// </summary>
    private RejectReason Change(Instrument instrument)
    {
        int symbol = instrument.SymbolId;
        if (JudgeSymbol(symbol) is not RejectReason.None and var refusal)
            return refusal;
        if (!instrument.HasNameAndUnitsOf(_market[symbol].Instrument))
            return RejectReason.InstrumentRefused;
        FinishPass();
        if (_books[symbol].OpenOrderCount != 0)
            return RejectReason.OpenOrders;

        _market.Change(instrument);
        _books[symbol].Change(instrument);
        ChangeMark(instrument);
        foreach (MarginAccount? account in _accounts)
        {
            if (account is not null && account.ForgetFigures(symbol))
                _watches.Note(account.Id);
        }

        TellInstrument(symbol);
        OpenPass(symbol);
        WorkInstants();
        return RejectReason.None;
    }

    private void TellInstrument(int symbol) => Tell(EngineEventKind.Instrument, symbol, 0).Book.Lots = (long)_market[symbol].State;

    private RejectReason SetState(in Command command)
    {
        if (JudgeSymbol(command.Symbol) is not RejectReason.None and var refusal)
            return refusal;
        _market[command.Symbol].State = command.State;
        _message = new BookInput { Kind = BookInputKind.SetState, State = command.State, TimeMs = _timeMs };
        Send(command.Symbol);

        // A halted symbol's funding round waits.
        _marks[command.Symbol].Apply(
            new MarkInput { Kind = MarkInputKind.State, State = command.State, TimeMs = _timeMs }, _markOutput);
        TellInstrument(command.Symbol);
        return RejectReason.None;
    }

    /// <summary>Sends <see cref="_message"/> to a book, and delivers what it did to the accounts.</summary>
    private CommandOutcome Send(int symbol)
    {
        if (_answers is not null)
            return TakeAnswer(symbol);
        OrderBook book = _books[symbol];
        BeginDelivery(symbol);
        book.Apply(in _message, _bookOutput);
        CommandOutcome outcome = _bookOutput.Outcome;
        EndDelivery();
        return outcome;
    }

    private ref EngineEvent Tell(EngineEventKind kind, int symbol, uint account)
    {
        ref EngineEvent e = ref _output.Add();
        e = default;
        e.Kind = kind;
        e.Symbol = symbol;
        e.Book.Account = account;
        e.Book.TimeMs = _timeMs;
        return ref e;
    }
}
