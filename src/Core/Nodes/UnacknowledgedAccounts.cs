namespace Exchange.Core.Nodes;

/// <summary>Accounts that have events of a book to acknowledge, by when these are to be sent again.</summary>
/// <remarks>Costs are of those with events alone, however many accounts the book knows: a queue for each length of waiting.</remarks>
internal sealed class UnacknowledgedAccounts(long repeatMs)
{
    private const int Lengths = 5;
    private readonly Queue<Entry>[] _queues = [new(), new(), new(), new(), new()];
    private readonly HashSet<uint> _accounts = [];

    public int Count => _accounts.Count;

    /// <summary>When the next is due; <see cref="long.MaxValue"/>: none.</summary>
    public long NextMs
    {
        get
        {
            long next = long.MaxValue;
            foreach (Queue<Entry> queue in _queues)
            {
                if (queue.TryPeek(out Entry first))
                    next = Math.Min(next, first.DueMs);
            }

            return next;
        }
    }

    /// <summary>Notes an account that is not noted yet.</summary>
    /// <param name="oldest">Number of its oldest event.</param>
    public void Note(uint account, ulong oldest, long nowMs)
    {
        if (_accounts.Add(account))
            Enqueue(new Entry(account, oldest, nowMs + repeatMs, 0));
    }

    /// <summary>Takes the next account that is due.</summary>
    public bool TryTake(long nowMs, out Entry entry)
    {
        foreach (Queue<Entry> queue in _queues)
        {
            if (!queue.TryPeek(out entry) || entry.DueMs > nowMs)
                continue;
            queue.Dequeue();
            _accounts.Remove(entry.Account);
            return true;
        }

        entry = default;
        return false;
    }

    /// <summary>Puts an account back that is sent its events again; it waits twice as long as before.</summary>
    public void NoteAgain(Entry entry, ulong oldest, long nowMs)
    {
        int length = Math.Min(entry.Length + 1, Lengths - 1);
        _accounts.Add(entry.Account);
        Enqueue(new Entry(entry.Account, oldest, nowMs + (repeatMs << length), length));
    }

    private void Enqueue(Entry entry) => _queues[entry.Length].Enqueue(entry);

    /// <param name="Oldest">Number of its oldest event when it was noted.</param>
    public readonly record struct Entry(uint Account, ulong Oldest, long DueMs, int Length);
}
