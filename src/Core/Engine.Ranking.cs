using Exchange.Core.Accounts;
using Exchange.Core.Books;
using Exchange.Core.Orders;

namespace Exchange.Core;

// Auto-deleveraging ranks once per symbol, side and pass (docs/protocol.md 6): marks stand still meanwhile, so only who has moved since
// is scored anew. In a large book the ranking is made in slices before the first close that will need it. It is no part of the state,
// but how far the slices have come is: an engine that comes from a snapshot cuts at the same places, and ranks when it must.
public sealed partial class Engine
{
    private const int NotRanked = -1;

    /// <summary>By symbol: how many of <see cref="_moved"/> its book's rankings know of.</summary>
    private readonly List<int> _movesSeen = [];
    private int _rankedCount;
    private uint[] _moved = new uint[64];
    private int _movedCount;

    /// <summary>Symbol and side (<see cref="RankingOf"/>) that slices have ranked in this pass, the one at hand last.</summary>
    private readonly List<int> _slicedRankings = [];

    /// <summary>Accounts of the book at hand that have been ranked.</summary>
    private int _rankedAccounts;

    /// <summary>Tests compare: every auto-deleveraging ranks all positions anew.</summary>
    internal bool RanksAnew { get; init; }

    /// <inheritdoc/>
    public void PrepareRanking(OrderBook book)
    {
        NeedWhole();
        Deliver();
        int symbol = book.Instrument.SymbolId;
        if (RanksAnew)
            book.ForgetRanking();
        for (int i = _movesSeen[symbol]; i != NotRanked && i < _movedCount; i++)
            book.Rerank(_moved[i]);
        NoteRanked(symbol);
        _movesSeen[symbol] = _movedCount;
    }

    /// <inheritdoc/>
    public long PoolEquityE8(OrderBook book, uint account, int leg) =>
        _accounts[account]!.PoolEquityE8(book.Instrument.SymbolId, leg, _market);

    /// <summary>From now on moves are kept for the symbol's rankings.</summary>
    private void NoteRanked(int symbol)
    {
        if (_movesSeen[symbol] != NotRanked)
            return;
        _movesSeen[symbol] = _movedCount;
        _rankedCount++;
    }

    /// <summary>An account's money or positions have changed: books that have ranked it must know before they rank again.</summary>
    private void NoteMoved(uint account)
    {
        if (_rankedCount == 0)
            return;
        if (_movedCount == _moved.Length)
            Array.Resize(ref _moved, _movedCount * 2);
        _moved[_movedCount++] = account;
    }

    private static int RankingOf(int symbol, Side closing) => (symbol * 2) + (int)closing;

    /// <summary>
    /// The ranking that a due account's closes will probably need and that slices have not made; -1: none. A book that one slice
    /// can rank does so when it must.
    /// </summary>
    private int RankingFor(MarginAccount account)
    {
        if (!account.IsUnderMaintenance(_market))
            return -1;
        for (int i = 0; i < account.SymbolCount; i++)
        {
            int symbol = account.SymbolAt(i);
            OrderBook book = _books[symbol];
            for (int leg = 0; leg < 2 && book.AccountCount > SliceWork; leg++)
            {
                long held = account.PositionOf(symbol, leg).Lots;
                Side closing = held > 0 ? Side.Sell : Side.Buy;
                int ranking = RankingOf(symbol, closing);
                if (held != 0 && !_slicedRankings.Contains(ranking)
                    && book.LotsWithin(closing, account.ClosingTicks(symbol, leg, _market), Math.Abs(held)) < Math.Abs(held))
                    return ranking;
            }
        }

        return -1;
    }

    /// <summary>An account's turn waits until the ranking is made.</summary>
    private void BeginRanking(int ranking)
    {
        _slicedRankings.Add(ranking);
        _rankedAccounts = 0;
        _pass = PassStage.Ranking;
        _books[ranking / 2].BeginRanking((Side)(ranking % 2));
        NoteRanked(ranking / 2);
    }

    private void WorkRanking()
    {
        OrderBook book = _books[_slicedRankings[^1] / 2];
        var closing = (Side)(_slicedRankings[^1] % 2);
        int left = book.AccountCount - _rankedAccounts;
        int count = _isUnbounded ? left : Math.Min(left, SliceWork - _looks - _output.EventCount);
        book.RankSome(closing, _rankedAccounts, count);
        _rankedAccounts += count;
        _looks += count;
        if (count < left)
            return;
        book.EndRanking(closing);
        _pass = PassStage.Liquidating;
    }

    /// <summary>Marks are about to move.</summary>
    private void ForgetRankings()
    {
        _slicedRankings.Clear();
        _rankedAccounts = 0;
        _movedCount = 0;
        if (_rankedCount == 0)
            return;
        _rankedCount = 0;
        for (int symbol = 0; symbol < _books.Count; symbol++)
        {
            _books[symbol].ForgetRanking();
            _movesSeen[symbol] = NotRanked;
        }
    }
}
