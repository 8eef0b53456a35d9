using System.Runtime.CompilerServices;
using Exchange.Core.Orders;

namespace Exchange.Core.Books;

// Good-till-date orders and countdowns (docs/rules/matching.md 3.3, 3.8), and what happens when nobody acknowledges.
public sealed partial class OrderBook
{
    private readonly SlotHeap _gtds = new(new SlotPositions());
    private readonly SlotHeap _countdowns = new(new SlotPositions());
    private uint[] _overOutbox = new uint[8];
    private int _overOutboxCount;

    /// <summary>Accounts that get no order in until they acknowledge.</summary>
    private int _heldAccounts;

    /// <summary>No timer is due before; it may lag behind timers that are gone.</summary>
    private long _timersFromMs = long.MaxValue;

    /// <summary>When the next timer is due; <see cref="long.MaxValue"/>: none.</summary>
    public long NextTimerMs => Math.Min(NextGtdMs, NextCountdownMs);

    public long NextGtdMs => _gtds.Count == 0 ? long.MaxValue : _gtds.TopKey;

    /// <summary>Order id of the good-till-date order due next.</summary>
    public ulong NextGtdOrder => _gtds.TopTie;

    public long NextCountdownMs => _countdowns.Count == 0 ? long.MaxValue : _countdowns.TopKey;

    /// <summary>Account of the countdown due next.</summary>
    public uint NextCountdownAccount => (uint)_countdowns.TopTie;

    private void FireTimers()
    {
        while (NextGtdMs <= _timeMs)
            ExpireNextGtd();
        while (NextCountdownMs <= _timeMs)
            FireNextCountdown();
        _timersFromMs = NextTimerMs;
    }

    private void AddGtd(int slot, long gtdMs, ulong orderId)
    {
        _gtds.Add(slot, gtdMs, orderId);
        _timersFromMs = Math.Min(_timersFromMs, gtdMs);
    }

    private void AddCountdown(int accountSlot, long dueMs, uint account)
    {
        _countdowns.Add(accountSlot, dueMs, account);
        _timersFromMs = Math.Min(_timersFromMs, dueMs);
    }

    /// <summary>Fires the one timer that is due next: Embedded merges the timers of all books into one order.</summary>
    public void FireNextTimer(long timeMs, BookOutput output)
    {
        output.Clear();
        _output = output;
        if (timeMs > _timeMs)
            _timeMs = timeMs;
        if (NextGtdMs <= _timeMs)
            ExpireNextGtd();
        else if (NextCountdownMs <= _timeMs)
            FireNextCountdown();
        HoldOutboxes();
    }

    private void ExpireNextGtd() => End(_gtds.TopSlot, EndReason.Gtd);

    private void FireNextCountdown()
    {
        int accountSlot = _countdowns.Pop();
        _accounts[accountSlot].CountdownMs = 0;
        EndAll(accountSlot, EndReason.Countdown);
    }

    /// <summary>At the end of every input: an account, or the book, has more events than it may leave unacknowledged.</summary>
    private void HoldOutboxes()
    {
        if (_outboxes.Count >= OutboxPerBook)
            NoteFullestOutbox();
        if (_overOutboxCount != 0)
            CancelOverOutbox();
    }

    /// <summary>The fullest of those that still get orders in; ties by account. Walks all accounts: nobody acknowledges any more.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void NoteFullestOutbox()
    {
        int fullest = BookAccounts.None;
        int most = 0;
        for (int slot = 0; slot < _accounts.Count; slot++)
        {
            ref readonly BookAccount account = ref _accounts[slot];
            int count = _outboxes.CountOf(in account);
            if (account.IsOverOutbox || count == 0)
                continue;
            if (count > most || (count == most && account.Account < _accounts[fullest].Account))
                (fullest, most) = (slot, count);
        }

        if (fullest != BookAccounts.None)
            NoteOverOutbox(ref _accounts[fullest]);
    }

    private void NoteOverOutbox(ref BookAccount account)
    {
        if (account.IsOverOutbox)
            return;
        account.IsOverOutbox = true;
        _heldAccounts++;
        if (_overOutboxCount == _overOutbox.Length)
            Array.Resize(ref _overOutbox, _overOutboxCount * 2);
        _overOutbox[_overOutboxCount++] = account.Account;
    }

    /// <summary>An account that does not acknowledge loses its orders here: events are never dropped, so they must stop coming.</summary>
    private void CancelOverOutbox()
    {
        for (int i = 0; i < _overOutboxCount; i++)
            EndAll(_accounts.Find(_overOutbox[i]), EndReason.Outbox);
        _overOutboxCount = 0;
    }
}
