using Exchange.Core.Books;
using Exchange.Core.Units;

namespace Exchange.Core;

// One order over all books: timers (docs/rules/matching.md 3.3) and the trigger queue (3.6).
public sealed partial class Engine
{
    private readonly IntQueue _metBooks = new();

    /// <summary>When the next timer of any book is due, or the next sample is taken; <see cref="long.MaxValue"/>: never.</summary>
    public long NextTimerMs()
    {
        long next = NextSampleMs;
        foreach (OrderBook book in _books)
            next = Math.Min(next, book.NextTimerMs);
        return next;
    }

    /// <summary>Fires what is due: good-till-date orders by (date, id), then countdowns by (deadline, account, symbol), then samples.</summary>
    private void FireTimers()
    {
        if (_timeMs == _timersFiredMs)
            return;
        _timersFiredMs = _timeMs;
        while (NextDueGtd() is >= 0 and int symbol)
            FireTimer(symbol);
        while (NextDueCountdown() is >= 0 and int symbol)
            FireTimer(symbol);
        TakeSamples();
    }

    private long _timersFiredMs = -1;

    private void FireTimer(int symbol)
    {
        _needsWhole = true;
        BeginDelivery(symbol);
        _books[symbol].FireNextTimer(_timeMs, _bookOutput);
        EndDelivery();
    }

    private int NextDueGtd()
    {
        int found = -1;
        for (int symbol = 0; symbol < _books.Count; symbol++)
        {
            OrderBook book = _books[symbol];
            if (book.NextGtdMs > _timeMs)
                continue;
            if (found < 0 || (book.NextGtdMs, book.NextGtdOrder).CompareTo((_books[found].NextGtdMs, _books[found].NextGtdOrder)) < 0)
                found = symbol;
        }

        return found;
    }

    private int NextDueCountdown()
    {
        int found = -1;
        for (int symbol = 0; symbol < _books.Count; symbol++)
        {
            OrderBook book = _books[symbol];
            if (book.NextCountdownMs > _timeMs)
                continue;
            if (found < 0 || (book.NextCountdownMs, book.NextCountdownAccount)
                .CompareTo((_books[found].NextCountdownMs, _books[found].NextCountdownAccount)) < 0)
            {
                found = symbol;
            }
        }

        return found;
    }

    /// <summary>Starts met orders of all books in the order they were met; while a pass is open they wait for their place in it.</summary>
    private void WorkTriggers()
    {
        while (!HasOpenPass && TryWorkTrigger())
        {
        }
    }

    private bool TryWorkTrigger()
    {
        if (_metBooks.Count == 0)
            return false;
        _message = new BookInput { Kind = BookInputKind.WorkTriggers, TimeMs = _timeMs };
        Send(_metBooks.Dequeue());
        return true;
    }
}
