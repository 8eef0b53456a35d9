using Exchange.Core.Books;
using Exchange.Core.Instruments;
using Exchange.Core.Nodes;
using Exchange.Core.Orders;
using Exchange.Simulation.Checks;
using Exchange.Simulation.Worlds;

namespace Exchange.Simulation.Truth;

/// <summary>Every event that a book's journal ever gave each account, with what all up to each moved: what accounts are held against.</summary>
/// <remarks>It also counts how often an order was accepted and amended.</remarks>
internal sealed class BookHistory(Happenings happenings) : IBookObserver
{
    private readonly Dictionary<uint, List<Entry>> _accounts = [];
    private readonly Dictionary<(uint Account, ClientKey Key), List<ulong>> _accepted = [];
    private readonly HashSet<ulong> _amended = [];

    public void OnInstrument(OrderBook book, ulong sequence)
    {
    }

    public void OnInput(OrderBook book, ulong sequence, in BookInput input, BookOutput output)
    {
        for (int i = 0; i < output.EventCount; i++)
        {
            happenings.Count(in output.Event(i));
            Add(book.Instrument, in output.Event(i));
        }
        if (output.IsRepeat || !output.Outcome.IsAccepted)
            return;
        if (input.Kind == BookInputKind.Place)
            OrdersOf(input.Account, input.Terms.ClientKey).Add(output.Outcome.OrderId);
        else if (input.Kind == BookInputKind.Amend)
            _amended.Add(input.OrderId);
    }

    public ulong LastNumberOf(uint account) => _accounts.TryGetValue(account, out List<Entry>? entries) ? (ulong)entries.Count : 0;

    /// <summary>Sums over the account's events up to a number.</summary>
    public Sums Upto(uint account, ulong number) => number == 0 ? default : _accounts[account][(int)number - 1].Sums;

    /// <summary>Orders that were accepted under a client order id.</summary>
    public List<ulong> OrdersOf(uint account, ClientKey key)
    {
        if (!_accepted.TryGetValue((account, key), out List<ulong>? orders))
            _accepted[(account, key)] = orders = [];
        return orders;
    }

    public bool WasAmended(ulong orderId) => _amended.Contains(orderId);

    public bool WasCanceled(uint account, ulong orderId) => _accounts.TryGetValue(account, out List<Entry>? entries)
        && entries.Exists(entry => entry.Event is { Kind: BookEventKind.Canceled, Reason: EndReason.User } && entry.Event.OrderId == orderId);

    private void Add(Instrument instrument, in BookEvent e)
    {
        if (!_accounts.TryGetValue(e.Account, out List<Entry>? entries))
            _accounts[e.Account] = entries = [];
        if (e.Number != (ulong)entries.Count + 1)
            throw new FaultFoundException($"{instrument.Symbol}: event {e.Number} of account {e.Account} after {entries.Count}");
        Sums before = entries.Count == 0 ? default : entries[^1].Sums;
        long spentE8 = e.Kind == BookEventKind.Closed ? e.Amount : 0;
        entries.Add(new Entry(e, new Sums(
            before.FlowE8 + FlowE8(instrument, in e), before.FeesE8 + FeeE8(instrument, in e), before.SpentE8 + spentE8)));
    }

    private static Int128 FlowE8(Instrument instrument, in BookEvent e) => e.Kind switch
    {
        BookEventKind.Fill or BookEventKind.Adl or BookEventKind.Settled => -e.Side.Sign() * instrument.WideNotionalE8(e.PriceTicks, e.Lots),
        BookEventKind.Funding or BookEventKind.Insurance => e.Amount,
        _ => 0,
    };

    private static long FeeE8(Instrument instrument, in BookEvent e)
    {
        if (e.Kind != BookEventKind.Fill || e.Has(BookEventFlags.Liquidation) || e.Has(BookEventFlags.NoRebate))
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
