using System.Diagnostics;
using System.Runtime.CompilerServices;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;

namespace Exchange.Core.Books;

/// <summary>One symbol's resting orders, matched by price, then by arrival; and each account's net position in it.</summary>
/// <remarks>
/// Key: symbol. Prices in ticks, quantities in lots, money in 1e-8. Journaled, so it decides: no clock, I/O or randomness.
/// Cost: best price O(1), cancel O(1), a new level O(1) within its page. Rules: docs/rules/matching.md, docs/protocol.md.
/// What happened to an account stands in its outbox, numbered, until acknowledged. Invariants: <see cref="CheckInvariants"/>.
/// </remarks>
public sealed partial class OrderBook
{
    private LevelTable _levels = new(pages: 32);
    private OrderTable _orders = new(capacity: 4096);
    private BookAccounts _accounts = new();
    private AccountOrders _accountOrders = new();
    private Outboxes _outboxes = new();
    private readonly IBookHooks? _hooks;
    private Instrument _instrument;
    private readonly long _unitE8;
    private BookOutput _output = new();

    private long _timeMs;
    private long _markTicks;
    private long _lastTicks;
    private ulong _markNumber;
    private ulong _lastOrderId;
    private ulong _tradeCount;
    private TradingState _state;

    /// <summary>Trading, with a mark: nothing of the symbol refuses an order.</summary>
    private bool _isOpen;

    /// <summary>The best level of each side, by <see cref="Side"/>.</summary>
    private BestLevels _best = BestLevels.Empty();

    public OrderBook(Instrument instrument, IBookHooks? hooks = null)
    {
        _instrument = instrument;
        _unitE8 = instrument.UnitE8;
        _hooks = hooks;
    }

    public Instrument Instrument => _instrument;

    /// <summary>Takes changed settings; the units may not differ, and no order may be open.</summary>
    public void Change(Instrument instrument)
    {
        Invariant.Holds(_orders.Count == 0 && instrument.TickE8 == _instrument.TickE8 && instrument.LotE8 == _instrument.LotE8);
        _instrument = instrument;
    }

    public TradingState State => _state;

    /// <summary>Tests set them low.</summary>
    internal int OutboxPerAccount { get; init; } = Limits.OutboxPerAccount;

    internal int OutboxPerBook { get; init; } = Limits.OutboxPerBook;

    /// <summary>0: none.</summary>
    public long MarkTicks => _markTicks;

    /// <summary>Price of the last trade; 0: none.</summary>
    public long LastTicks => _lastTicks;

    /// <summary>0: no bid.</summary>
    public long BestBidTicks => _best[0].Handle == LevelTable.None ? 0 : _best[0].Ticks;

    /// <summary>0: no ask.</summary>
    public long BestAskTicks => _best[1].Handle == LevelTable.None ? 0 : _best[1].Ticks;

    public ulong TradeCount => _tradeCount;

    /// <summary>Open orders of all accounts, waiting ones included.</summary>
    public int OpenOrderCount => _orders.Count;

    /// <summary>Events nobody has acknowledged yet.</summary>
    public int UnacknowledgedCount => _outboxes.Count;

    /// <summary>Advances the book by one input; never waits, and never throws for what a client sent.</summary>
    /// <param name="input">Its time counts as the last one's if it is earlier.</param>
    /// <param name="output">Receives the outcome and the events in order. It is cleared first.</param>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Apply(in BookInput input, BookOutput output)
    {
        output.Clear();
        if (!ReferenceEquals(_output, output))
            _output = output; // A store of a reference is dear: the collector is told of it.
        if (input.TimeMs > _timeMs)
            _timeMs = input.TimeMs;
        if (_timersFromMs <= _timeMs)
            FireTimers(); // What is due acts before the input.

        if (input.Kind <= BookInputKind.CloseFull)
            ApplyCommand(in input);
        else if (input.Kind == BookInputKind.Acknowledge)
            Acknowledge(in input); // The most frequent of the rest.
        else
            ApplyVenueInput(in input);

        if ((_queueCount | _overOutboxCount) != 0 || _outboxes.Count >= OutboxPerBook)
            Finish(input.Kind);

        Invariant.Holds(_best[0].Ticks < _best[1].Ticks);
    }

    /// <summary>What an input may leave to be done: met orders to start, outboxes to hold.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Finish(BookInputKind kind)
    {
        if (_queueCount != 0 && _hooks is null && kind is not (BookInputKind.Close or BookInputKind.CloseFull))
            WorkTriggers(int.MaxValue);
        HoldOutboxes();
    }

    private void ApplyVenueInput(in BookInput input)
    {
        switch (input.Kind)
        {
            case BookInputKind.Register: Register(in input); break;
            case BookInputKind.Leave: Leave(in input); break;
            case BookInputKind.Mark: SetMark(in input); break;
            case BookInputKind.Time: break;
            case BookInputKind.WorkTriggers: WorkTriggers(_hooks is null ? int.MaxValue : 1); break;
            case BookInputKind.FundingRound: StartFunding(in input); break;
            case BookInputKind.FundingSlice: PayFunding(in input); break;
            case BookInputKind.SetState: SetState(input.State); break;
            case BookInputKind.Delist: Delist(in input); break;
            case BookInputKind.Settle: Settle(in input); break;
            default: throw new UnreachableException($"Book input {input.Kind}.");
        }
    }

    /// <summary>A command of a numbered batch: done once, however often it arrives (docs/protocol.md 1).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ApplyCommand(in BookInput input)
    {
        int slot = _accounts.Find(input.Account);
        if (slot == BookAccounts.None)
        {
            _output.Decide(RejectReason.NotRegistered, 0);
            return;
        }

        ref BookAccount account = ref _accounts[slot];
        if (IsNextBatch(in account, in input))
        {
            account.Batch = input.Batch;
            account.Applied = 1;
        }
        else if (!IsNextOfBatch(ref account, slot, in input))
        {
            return;
        }

        // The two most frequent by themselves: both are foreseen well, a jump by a table is not.
        RejectReason reason = input.Kind == BookInputKind.Place ? Place(in input, ref account, slot)
            : input.Kind == BookInputKind.Cancel ? Cancel(in input, ref account, slot)
            : ApplyRareCommand(in input, ref account, slot);
        ulong orderId = reason == RejectReason.None && input.Kind <= BookInputKind.Cancel ? input.OrderId : 0;
        _output.Decide(reason, orderId);
        _accounts.Remember(ref account, slot, input.Index, input.Count, reason, orderId);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private RejectReason ApplyRareCommand(in BookInput input, ref BookAccount account, int slot)
    {
        switch (input.Kind)
        {
            case BookInputKind.Amend: return Amend(in input, ref account, slot);
            case BookInputKind.CancelAll: EndAll(slot, input.Reason == EndReason.None ? EndReason.User : input.Reason); break;
            case BookInputKind.Countdown: SetCountdown(in input, slot); break;
            case BookInputKind.Close: return Close(in input, slot);
            case BookInputKind.CloseFull: return CloseFull(in input, slot);
            default: throw new UnreachableException($"Book command {input.Kind}.");
        }

        return RejectReason.None;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsNextBatch(in BookAccount account, in BookInput input) =>
        input.Batch == unchecked(account.Batch + 1) && input.Epoch == account.Epoch && account.IsRegistered && input.Index == 0;

    /// <summary>Tells a batch's next command from repeats and gaps, and shuts out a dead activation of the account.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private bool IsNextOfBatch(ref BookAccount account, int slot, in BookInput input)
    {
        if (input.Epoch != account.Epoch || !account.IsRegistered)
        {
            _output.Decide(input.Epoch < account.Epoch ? RejectReason.StaleEpoch : RejectReason.NotRegistered, 0);
            return false;
        }

        if (input.Batch == account.Batch && input.Index < account.Applied)
        {
            _output.Repeat(_accounts.Remembered(slot, input.Index));
            return false;
        }

        if (input.Batch != account.Batch || input.Index > account.Applied)
        {
            _output.Decide(RejectReason.Gap, 0);
            return false;
        }

        account.Applied++;
        return true;
    }

    private void SetState(TradingState state)
    {
        _state = state;
        _isOpen = state == TradingState.Trading && _markTicks != 0;
    }

    private void Register(in BookInput input)
    {
        int slot = _accounts.Find(input.Account);
        if (slot == BookAccounts.None)
            slot = _accounts.Add(input.Account);
        ref BookAccount account = ref _accounts[slot];
        if (input.Epoch < account.Epoch)
        {
            _output.Decide(RejectReason.StaleEpoch, 0);
            return;
        }

        if (input.Epoch > account.Epoch)
        {
            account.Epoch = input.Epoch;
            account.Batch = 0;
            account.Applied = 0;
        }

        account.IsRegistered = true;
        account.Equity0E8 = input.Equity0E8;
        account.Equity1E8 = input.Equity1E8;
    }

    /// <summary>The account strikes this book off its list; the book keeps the last (epoch, n).</summary>
    private void Leave(in BookInput input)
    {
        int slot = _accounts.Find(input.Account);
        if (slot == BookAccounts.None)
            return;
        ref BookAccount account = ref _accounts[slot];
        RejectReason refusal = input.Epoch != account.Epoch ? RejectReason.StaleEpoch
            : account.OpenOrders != 0 ? RejectReason.OpenOrders
            : account.Lots0 != 0 || account.Lots1 != 0 ? RejectReason.OpenPosition
            : _outboxes.CountOf(in account) != 0 ? RejectReason.Moved
            : RejectReason.None;
        if (refusal == RejectReason.None)
            account.IsRegistered = false;
        _output.Decide(refusal, 0);
    }

    private void Acknowledge(in BookInput input)
    {
        int slot = _accounts.Find(input.Account);
        if (slot == BookAccounts.None)
            return;
        ref BookAccount account = ref _accounts[slot];
        if (input.Epoch != account.Epoch)
            return;
        Invariant.Holds(input.Number <= account.LastNumber);
        account.Equity0E8 = input.Equity0E8;
        account.Equity1E8 = input.Equity1E8;
        Forget(ref account, input.Number);
    }

    /// <summary>Embedded's short way to acknowledge: what all accounts have applied is as durable as the input that caused it.</summary>
    public void AcknowledgeAll()
    {
        _outboxes.AcknowledgeAll();
        if (_heldAccounts != 0)
            ReleaseAccounts();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void ReleaseAccounts()
    {
        for (int slot = 0; slot < _accounts.Count; slot++)
            _accounts[slot].IsOverOutbox = false;
        _heldAccounts = 0;
    }

    private void Forget(ref BookAccount account, ulong number)
    {
        _outboxes.Acknowledge(ref account, number);
        if (account.IsOverOutbox && _outboxes.CountOf(in account) < OutboxPerAccount)
        {
            account.IsOverOutbox = false;
            _heldAccounts--;
        }
    }

    /// <summary>Embedded's short way to report equities just before the book needs them.</summary>
    public void ReportEquity(uint account, long equity0E8, long equity1E8)
    {
        ref BookAccount entry = ref _accounts[_accounts.Find(account)];
        entry.Equity0E8 = equity0E8;
        entry.Equity1E8 = equity1E8;
    }
}
