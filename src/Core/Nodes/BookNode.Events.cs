using Exchange.Core.Books;
using Exchange.Core.Nodes.Messages;

namespace Exchange.Core.Nodes;

/// <content>Events to accounts: at once to whom an input touched, and again until they are acknowledged.</content>
public sealed partial class BookNode
{
    private void PushTouched(OrderBook book, uint except)
    {
        for (int i = 0; i < _touched.Count; i++)
        {
            (uint account, ulong first) = _touched[i];
            if (account != except)
                PushEvents(book, account, first - 1);
            if (book.OldestUnacknowledged(account) is not 0 and var oldest)
                _unacknowledged.Note(account, oldest, TimeMs);
        }

        _touched.Clear();
    }

    private void PushEvents(OrderBook book, uint account, ulong after)
    {
        BookEvent[] events = book.CopyEvents(account, after, Settings.EventsAtOnce);
        if (events.Length != 0)
            Host.Send(NodeId.Account(account), new EventsMessage(Symbol, events, book.LastNumber(account)));
    }

    /// <summary>An account that has acknowledged something since is only behind; one that has not may have heard nothing.</summary>
    private void Repeat(OrderBook book, UnacknowledgedAccounts.Entry entry)
    {
        ulong oldest = book.OldestUnacknowledged(entry.Account);
        if (oldest == 0)
            return;
        if (oldest != entry.Oldest)
        {
            _unacknowledged.Note(entry.Account, oldest, TimeMs);
            return;
        }

        PushEvents(book, entry.Account, oldest - 1);
        _unacknowledged.NoteAgain(entry, oldest, TimeMs);
    }
}

/// <summary>Accounts that got events by an input, in the order they first did, with the number of the first.</summary>
internal sealed class TouchedAccounts
{
    private readonly HashSet<uint> _known = [];
    private readonly List<(uint Account, ulong First)> _accounts = [];

    public int Count => _accounts.Count;

    public (uint Account, ulong First) this[int index] => _accounts[index];

    public void Add(BookOutput output)
    {
        for (int i = 0; i < output.EventCount; i++)
        {
            ref readonly BookEvent e = ref output.Event(i);
            if (_known.Add(e.Account))
                _accounts.Add((e.Account, e.Number));
        }
    }

    public void Clear()
    {
        _known.Clear();
        _accounts.Clear();
    }
}
