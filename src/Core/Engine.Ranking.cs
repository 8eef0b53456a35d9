using Exchange.Core.Accounts;
using Exchange.Core.Books;

namespace Exchange.Core;

// Auto-deleveraging ranks once per symbol and pass (docs/protocol.md 6): marks stand still meanwhile, so only who has moved since is
// scored anew. A ranking is no part of the state: made again, it is the same.
public sealed partial class Engine
{
    private const int NotRanked = -1;

    /// <summary>By symbol: how many of <see cref="_moved"/> its book's ranking knows of.</summary>
    private readonly List<int> _movesSeen = [];
    private int _rankedCount;
    private uint[] _moved = new uint[64];
    private int _movedCount;

    /// <summary>Tests compare: every auto-deleveraging ranks all positions anew.</summary>
    internal bool RanksAnew { get; init; }

    /// <inheritdoc/>
    public void RefreshAllEquities(OrderBook book)
    {
        NeedWhole();
        Deliver();
        int symbol = book.Instrument.SymbolId;
        int seen = _movesSeen[symbol];
        if (seen == NotRanked || RanksAnew)
        {
            _rankedCount += seen == NotRanked ? 1 : 0;
            book.ForgetRanking();
            book.ForEachPosition(this, static (engine, owner, account) => engine.Report(owner, account));
        }
        else
        {
            for (int i = seen; i < _movedCount; i++)
                Rerank(book, _moved[i]);
        }

        _movesSeen[symbol] = _movedCount;
    }

    /// <summary>Whoever has no position here is reported no equity of: a ranking made anew would not, either.</summary>
    private void Rerank(OrderBook book, uint account)
    {
        if (book.Position(account, 0) != 0 || book.Position(account, 1) != 0)
            Report(book, account);
        book.Rerank(account);
    }

    private void Report(OrderBook book, uint account)
    {
        int symbol = book.Instrument.SymbolId;
        MarginAccount owner = _accounts[account]!;
        book.ReportEquity(account, owner.PoolEquityE8(symbol, 0, _market), owner.PoolEquityE8(symbol, 1, _market));
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

    /// <summary>Marks are about to move.</summary>
    private void ForgetRankings()
    {
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
