using System.Runtime.CompilerServices;
using Exchange.Core.Accounts;
using Exchange.Core.Books;

namespace Exchange.Core;

// From books to accounts: every event is applied at once, in the order it happened, and acknowledged.
public sealed partial class Engine
{
    private int _delivered;
    private int _deliveringSymbol;
    private uint[] _touchedAccounts = new uint[64];
    private int _touchedCount;
    private ulong _reportNumber;

    private void BeginDelivery(int symbol)
    {
        _deliveringSymbol = symbol;
        _delivered = 0;
        _touchedCount = 0;
    }

    /// <summary>Applies what the book has emitted so far; hooks call it in the middle of an input.</summary>
    private void Deliver()
    {
        int symbol = _deliveringSymbol;
        for (; _delivered < _bookOutput.EventCount; _delivered++)
            Deliver(symbol, in _bookOutput.Event(_delivered));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Deliver(int symbol, in BookEvent e)
    {
        ref EngineEvent told = ref _output.Add();
        told.Kind = EngineEventKind.Book;
        told.Symbol = symbol;
        told.Book = e;
        if (e.Kind == BookEventKind.Fill)
            _clearing.Prefetch(e.Account);
        EventOutcome outcome = _accounts[e.Account]!.Apply(symbol, in e, _market, ref told.Change);
        Invariant.Holds(outcome == EventOutcome.Applied);
        if (_rankedCount != 0)
            NoteMoved(e.Account);
        if (_touchedCount == 0 || _touchedAccounts[_touchedCount - 1] != e.Account)
            NoteTouched(e.Account);
    }

    private void NoteTouched(uint account)
    {
        if (_touchedCount == _touchedAccounts.Length)
            Array.Resize(ref _touchedAccounts, _touchedCount * 2);
        _touchedAccounts[_touchedCount++] = account;
        _watches.Note(account);
    }

    private void EndDelivery()
    {
        Deliver();
        OrderBook book = _books[_deliveringSymbol];
        ReportTouched();
        book.AcknowledgeAll();
        for (int i = 0; i < _bookOutput.TouchedCount; i++)
            _output.AddLevel(LevelChange.Of(book, _bookOutput.TouchedAt(i)));
    }

    private void ReportTouched()
    {
        for (int i = 0; i < _touchedCount; i++)
            Report(_accounts[_touchedAccounts[i]]!);
    }

    /// <summary>Tells Clearing what an account has moved in all, if that has changed; here every report is durable with its input.</summary>
    private void Report(MarginAccount account)
    {
        if (account.TryTakeReport(out AccountTotals totals))
            _clearing.Report(account.Id, ++_reportNumber, in totals);
    }

    /// <inheritdoc/>
    public void Met(OrderBook book)
    {
        NeedWhole();
        _metBooks.Enqueue(book.Instrument.SymbolId);
    }

    /// <inheritdoc/>
    public void RefreshEquity(OrderBook book, uint account)
    {
        NeedWhole();
        Deliver();
        int symbol = book.Instrument.SymbolId;
        MarginAccount owner = _accounts[account]!;
        book.ReportEquity(account, owner.PoolEquityE8(symbol, 0, _market), owner.PoolEquityE8(symbol, 1, _market));
    }
}
