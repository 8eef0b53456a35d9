using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Journaling;
using Exchange.Core.MarketData;
using Exchange.Core.Port;
using Exchange.Core.Views;
using Exchange.Storage.Files;

namespace Exchange.Embedded.Tests.History;

/// <summary>What a whole journal says, by table, a line a row: made by other means than the writer's, from the first record on.</summary>
internal sealed class JournalRows : IVenueReader
{
    private const uint Accounts = 64;
    private readonly List<FeedEvent> _events = [];
    private VenueViews? _views;

    public SortedDictionary<string, List<string>> Tables { get; } = [];

    /// <summary>Views that keep everything a whole journal leads to.</summary>
    public static VenueViews ViewsOf(string folder) => Of(folder)._views!;

    public static JournalRows Of(string folder)
    {
        var rows = new JournalRows();
        using VenueRecovery state = VenueRecovery.Empty(new ViewLimits(), rules: null);
        state.Reader = rows;
        using (var reader = new JournalReader(folder, 0))
            reader.ReadToEnd((in JournalRecord record) => state.Apply(in record));
        state.Settle();
        rows._views = state.Views;
        rows.Fill(state.Views!);
        return rows;
    }

    void IVenueReader.OnInput(in Command command, Instrument? listing, ulong sequence, ReadOnlySpan<FeedEvent> events) => _events.AddRange(events);

    private void Fill(VenueViews views)
    {
        FeedEvent[] trades = [.. Of(FeedKind.Trade)];
        Tables["trades"] = [.. trades.Select(e => $"{e.Symbol} {e.Id} {e.TimeMs} {e.PriceTicks} {e.Lots} {(int)e.Side} {Bit(e.Has(FeedFlags.Liquidation))}")];
        Tables["marks"] = [.. Of(FeedKind.Mark).Select(e => $"{e.Symbol} {e.TimeMs} {e.Sequence} {e.PriceTicks} {e.Amount} {e.Other}")];
        Tables["funding"] = [.. Of(FeedKind.Funding).Select(e => $"{e.Symbol} {e.Id} {e.Amount} {e.PriceTicks}")];
        Tables["order_events"] =
        [
            .. Of(FeedKind.OrderAccepted).Select(e => $"{e.Account} {e.Id} {e.Symbol} {e.Sequence} {e.TimeMs} {(int)e.Status} 0 {e.PriceTicks} {e.Lots} 0"),
            .. Of(FeedKind.OrderUpdated).Select(e => $"{e.Account} {e.Id} {e.Symbol} {e.Sequence} {e.TimeMs} {(int)e.Status} {e.Reason} {e.PriceTicks} {e.Lots} {e.Other}"),
        ];
        Tables["fills"] = [];
        Tables["ledger"] = [];
        Tables["orders"] = [];
        for (uint account = 1; account < Accounts; account++)
        {
            Tables["fills"].AddRange(All<FillView>(before => views.GetFills(account, -1, before, 1_000)).Select(Line));
            Tables["ledger"].AddRange(All<MovementView>(before =>
            {
                LedgerView page = views.GetLedger(account, -1, before, 1_000);
                return new Page<MovementView>(page.Items, page.Next);
            }).Select(Line));
            HashSet<ulong> open = [.. views.GetOpenOrders(account, -1).Select(order => order.OrderId)];
            Tables["orders"].AddRange(All<OrderView>(before => views.GetOrders(account, -1, before, 1_000)).Where(order => !open.Contains(order.OrderId)).Select(Line));
        }

Value[] values =
        [
            .. trades.Select(e => new Value(e.Symbol, CandlePrice.Trade, e.TimeMs, e.PriceTicks, e.Lots, e.Side == Core.Orders.Side.Buy ? e.Lots : 0)),
            .. Of(FeedKind.Mark).Where(e => e.PriceTicks > 0).Select(e => new Value(e.Symbol, CandlePrice.Mark, e.TimeMs, e.PriceTicks, 0, 0)),
            .. Of(FeedKind.Mark).Where(e => e.Amount > 0).Select(e => new Value(e.Symbol, CandlePrice.Index, e.TimeMs, e.Amount, 0, 0)),
        ];
        Tables["candles"] = [.. CandleIntervals.All.SelectMany(interval => Candles(interval, values, views.TimeMs))];
        foreach (List<string> table in Tables.Values)
            table.Sort(StringComparer.Ordinal);
    }

    private static string Line(FillView fill) =>
        $"{fill.Account} {fill.Symbol} {fill.TradeId} {fill.OrderId} {(int)fill.Side} {(int)fill.PositionSide} "
        + $"{Bit(fill.IsMaker) + 2 * Bit(fill.IsLiquidation) + 4 * Bit(fill.IsAdl) + 8 * Bit(fill.IsSettlement)} "
        + $"{fill.PriceTicks} {fill.Lots} {fill.FeeE8} {fill.RealisedE8} {fill.TimeMs} {fill.Sequence}";

    private static string Line(MovementView row) =>
        $"{row.Account} {row.Number} {row.Symbol} {(int)row.PositionSide} {Bit(row.IsIsolated)} {(int)row.Cause} {row.TradeId} {row.AmountE8} {row.BalanceE8} "
        + $"{row.TimeMs} {row.Sequence}";

    private static string Line(OrderView order) =>
        $"{order.Account} {order.OrderId} {order.Symbol} [{order.ClientOrderId}] {(int)order.Side} {(int)order.Type} {(int)order.TimeInForce} {(int)order.Stp} "
        + $"{(int)order.PositionSide} {(int)order.Flags} {order.PriceTicks} {order.StopTicks} {order.ActivationTicks} {order.CallbackRateE8} {order.GtdMs} "
        + $"{order.TotalLots} {order.FilledLots} {order.FilledNotionalE8} {(int)order.Status} {(int)order.Reason} {order.CreatedMs} {order.UpdatedMs}";

    private static int Bit(bool isSet) => isSet ? 1 : 0;

    private IEnumerable<FeedEvent> Of(FeedKind kind) => _events.Where(e => e.Kind == kind);

    /// <summary>Sums of the values themselves, of every interval that is over.</summary>
    private static IEnumerable<string> Candles(CandleInterval interval, Value[] values, long timeMs) => values
        .Where(value => value.Of == CandlePrice.Trade || interval != CandleInterval.OneSecond)
        .GroupBy(value => (value.Symbol, value.Of, OpenMs: interval.OpenTimeMs(value.TimeMs)))
        .Where(bar => interval.NextOpenTimeMs(bar.Key.OpenMs) <= timeMs)
        .Select(bar => $"{bar.Key.Symbol} {(int)bar.Key.Of} {(int)interval} {bar.Key.OpenMs} {bar.First().Price} {bar.Max(v => v.Price)} {bar.Min(v => v.Price)} "
            + $"{bar.Last().Price} {bar.Sum(v => v.Lots)} {bar.Sum(v => v.Price * v.Lots)} {bar.Sum(v => v.BoughtLots)} {bar.Count()}");

    private readonly record struct Value(int Symbol, CandlePrice Of, long TimeMs, long Price, long Lots, long BoughtLots);

    private static List<T> All<T>(Func<ulong, Page<T>> read)
    {
        List<T> all = [];
        ulong before = 0;
        do
        {
            Page<T> page = read(before);
            all.AddRange(page.Items);
            before = page.Next;
        }
        while (before != 0);
        return all;
    }
}
