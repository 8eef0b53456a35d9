using Exchange.Core.Books;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core.Feed;

/// <summary>What readers are told of one book: trades, closes of liquidations, levels, its state. Without memory once warm.</summary>
/// <remarks>A cluster's counterpart of <see cref="FeedBuilder"/>, for whoever hosts the book; what concerns an account is <see cref="AccountFeed"/>'s.</remarks>
public sealed class BookFeed(int symbol)
{
    private readonly EventTeller _teller = new(ToldParts.Markets);
    private readonly LevelFeed _levels = new(symbol);
    private readonly List<Traded> _traded = [];

    /// <summary>What is held long, which is what is held short.</summary>
    public long OpenInterestLots { get; private set; }

    /// <summary>Goes on where readers were told last; a book's own levels are of the same moment.</summary>
    /// <param name="book">As restored.</param>
    /// <param name="told">Depth as it was told last.</param>
    public void Resume(OrderBook book, DepthView told)
    {
        _levels.Restore(told);
        var accounts = new List<uint>();
        book.CopyAccounts(accounts);
        OpenInterestLots = 0;
        foreach (uint account in accounts)
        {
            for (int leg = 0; leg < 2; leg++)
                OpenInterestLots += Math.Max(0, book.Position(account, leg));
        }
    }

    /// <summary>Appends the events of one input.</summary>
    /// <param name="book">After it.</param>
    /// <param name="sequence">Number of its record in the journal.</param>
    /// <param name="output">What it did.</param>
    /// <param name="feed">Appended to.</param>
    public void Build(OrderBook book, ulong sequence, BookOutput output, FeedBuffer feed)
    {
        _teller.Begin(feed, sequence, book.TimeMs);
        for (int i = 0; i < output.EventCount; i++)
        {
            var e = new EngineEvent { Kind = EngineEventKind.Book, Symbol = symbol, Book = output.Event(i) };
            _teller.Tell(in e, default);
            if (e.Book.Kind is BookEventKind.Fill or BookEventKind.Adl or BookEventKind.Settled)
                Note(in e.Book);
        }

        CountLongs(book);
        for (int i = 0; i < output.TouchedCount; i++)
        {
            LevelChange change = LevelChange.Of(book, output.TouchedAt(i));
            _levels.Note(change.Side, change.PriceTicks, change.Lots);
        }

        _levels.Flush(sequence, book.TimeMs, feed);
    }

    /// <summary>Appends that the instrument was listed, or its state changed.</summary>
    public void BuildInstrument(OrderBook book, ulong sequence, FeedBuffer feed)
    {
        _teller.Begin(feed, sequence, book.TimeMs);
        _teller.TellInstrument(symbol, book.State);
    }

    private void Note(in BookEvent e)
    {
        int leg = e.PositionSide.Leg();
        long signed = e.Side.Sign() * e.Lots;
        for (int i = 0; i < _traded.Count; i++)
        {
            if (_traded[i].Account != e.Account || _traded[i].Leg != leg)
                continue;
            _traded[i] = _traded[i] with { Lots = _traded[i].Lots + signed };
            return;
        }

        _traded.Add(new Traded(e.Account, leg, signed));
    }

    /// <summary>A position was what it is now less what was traded.</summary>
    private void CountLongs(OrderBook book)
    {
        foreach (Traded traded in _traded)
        {
            long now = book.Position(traded.Account, traded.Leg);
            OpenInterestLots += Math.Max(0, now) - Math.Max(0, now - traded.Lots);
        }

        _traded.Clear();
    }

    private readonly record struct Traded(uint Account, int Leg, long Lots);
}
