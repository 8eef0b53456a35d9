using Exchange.Core.Books;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Simulation.Checks;

namespace Exchange.Simulation.Books;

/// <summary>Every event a book ever gave each account, with what all up to each moved: the truth that accounts are held against.</summary>
internal sealed class BookHistory(Instrument instrument)
{
    private readonly Dictionary<uint, List<Entry>> _accounts = [];

    public void Add(in BookEvent e)
    {
        if (!_accounts.TryGetValue(e.Account, out List<Entry>? entries))
            _accounts[e.Account] = entries = [];
        if (e.Number != (ulong)entries.Count + 1)
            throw new FaultFoundException($"{instrument.Symbol}: event {e.Number} of account {e.Account} after {entries.Count}");
        Sums before = entries.Count == 0 ? default : entries[^1].Sums;
        long spentE8 = e.Kind == BookEventKind.Closed ? e.Amount : 0;
        entries.Add(new Entry(e, new Sums(before.FlowE8 + FlowE8(in e), before.FeesE8 + FeeE8(in e), before.SpentE8 + spentE8)));
    }

    /// <summary>The book came up again: what it no longer knows has not happened.</summary>
    public void Forget(OrderBook book)
    {
        foreach ((uint account, List<Entry> entries) in _accounts)
        {
            int known = (int)book.LastNumber(account);
            entries.RemoveRange(known, entries.Count - known);
        }
    }

    public ulong LastNumberOf(uint account) => _accounts.TryGetValue(account, out List<Entry>? entries) ? (ulong)entries.Count : 0;

    /// <summary>Sums over the account's events up to a number.</summary>
    public Sums Upto(uint account, ulong number) => number == 0 ? default : _accounts[account][(int)number - 1].Sums;

    public IEnumerable<BookEvent> EventsOf(uint account) =>
        _accounts.TryGetValue(account, out List<Entry>? entries) ? entries.Select(entry => entry.Event) : [];

    private Int128 FlowE8(in BookEvent e) => e.Kind switch
    {
        BookEventKind.Fill or BookEventKind.Adl => -e.Side.Sign() * instrument.WideNotionalE8(e.PriceTicks, e.Lots),
        BookEventKind.Funding or BookEventKind.Insurance => e.Amount,
        _ => 0,
    };

    private long FeeE8(in BookEvent e)
    {
        if (e.Kind != BookEventKind.Fill || e.Has(BookEventFlags.Liquidation))
            return 0;
        if (e.Has(BookEventFlags.NoRebate))
            return 0;
        long rate = e.Has(BookEventFlags.Maker) ? instrument.MakerRateE8 : instrument.TakerRateE8;
        return Instrument.FeeE8(instrument.NotionalE8(e.PriceTicks, e.Lots), rate);
    }

    /// <param name="FlowE8">
    /// Change of wallet + isolated margin - signed cost, fees apart. A fill's is its notional, whatever was open before:
    /// that is what makes the check independent of the account's own sums.
    /// </param>
    /// <param name="FeesE8">Fees of the fills.</param>
    /// <param name="SpentE8">What closes of liquidations took from the fund.</param>
    public readonly record struct Sums(Int128 FlowE8, Int128 FeesE8, long SpentE8);

    private readonly record struct Entry(BookEvent Event, Sums Sums);
}
