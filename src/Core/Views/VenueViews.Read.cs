using Exchange.Core.Port;

namespace Exchange.Core.Views;

// What any thread may ask.
public sealed partial class VenueViews
{
    /// <summary>See <see cref="IExchange.FindOrder(uint, ulong, CancellationToken)"/>.</summary>
    public OrderView? FindOrder(uint account, ulong orderId) => StripeOf(account).FindOrder(account, orderId);

    /// <inheritdoc cref="AccountViews.FillsAtEntry"/>
    public FillView[] FillsAtEntry(OrderView order) => StripeOf(order.Account).FillsAtEntry(order);

    /// <summary>See <see cref="IExchange.FindOrder(uint, int, string, CancellationToken)"/>.</summary>
    public OrderView? FindOrder(uint account, int symbol, string clientOrderId) =>
        StripeOf(account).FindOrder(account, symbol, clientOrderId, SymbolCount);

    /// <summary>See <see cref="IExchange.GetOrders"/>; a <paramref name="symbol"/> below 0 is any.</summary>
    public Page<OrderView> GetOrders(uint account, int symbol, ulong before, int limit) =>
        StripeOf(account).GetOrders(account, symbol, before, limit);

    /// <summary>Open orders of an account by id; a <paramref name="symbol"/> below 0 is any.</summary>
    public OrderView[] GetOpenOrders(uint account, int symbol) => StripeOf(account).GetOpenOrders(account, symbol);

    /// <summary>See <see cref="IExchange.GetFills"/>; a <paramref name="symbol"/> below 0 is any.</summary>
    public Page<FillView> GetFills(uint account, int symbol, ulong before, int limit) =>
        StripeOf(account).GetFills(account, symbol, before, limit);

    /// <inheritdoc cref="AccountViews.GetFills(uint, int, ulong, int, out ulong)"/>
    public Page<FillView> GetFills(uint account, int symbol, ulong before, int limit, out ulong last) =>
        StripeOf(account).GetFills(account, symbol, before, limit, out last);

    /// <summary>See <see cref="IExchange.GetLedger"/>; a <paramref name="symbol"/> below 0 is any.</summary>
    public LedgerView GetLedger(uint account, int symbol, ulong before, int limit) =>
        StripeOf(account).GetLedger(account, symbol, before, limit);

    /// <inheritdoc cref="AccountViews.GetCut"/>
    public HistoryCut GetCut(uint account) => StripeOf(account).GetCut(account);

    /// <summary>No row of accounts that is missing is of a later time, Unix ms; 0: none is.</summary>
    public long DroppedMs => _histories.DroppedMs;

    /// <summary>The last funding round that readers were told of; 0: none.</summary>
    internal ulong LastFundingRoundOf(int symbol) => _markets[symbol].Marks.LastFundingRound;

    protected override long TimeMsOf(int symbol) => Volatile.Read(ref _timeMs);

    protected override SymbolMarket? MarketOf(int symbol)
    {
        SymbolMarket[] markets = Volatile.Read(ref _markets);
        return symbol >= 0 && symbol < markets.Length ? markets[symbol] : null;
    }
}
