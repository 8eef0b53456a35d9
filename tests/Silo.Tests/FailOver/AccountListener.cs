using Exchange.Core.Port;
using Exchange.Grains.Tests.Support;
using Exchange.Silo.Bench;

namespace Exchange.Silo.Tests.FailOver;

/// <summary>Hears of one account, and holds that against its history and its wallet.</summary>
internal sealed class AccountListener
{
    private readonly IExchange _exchange;
    private readonly uint _account;
    private readonly OwnHearer _hearer = new();

    private AccountListener(IExchange exchange, uint account)
    {
        _exchange = exchange;
        _account = account;
    }

    public static async Task<AccountListener> Begin(IExchange exchange, uint account)
    {
        var listener = new AccountListener(exchange, account);
        OwnSubscription begun = await exchange.SubscribeAccount(account, null, 100, listener._hearer, CancellationToken.None);
        Assert.Equal(CursorRefusal.None, begun.Refusal);
        return listener;
    }

    /// <summary>Nothing happens any more.</summary>
    public async Task HasHeardAll()
    {
        List<ulong> fills = await Fills();
        AccountView account = (await _exchange.GetAccount(_account, CancellationToken.None))!;
        await Condition.Holds(() => Of(FeedKind.Fill).Count() >= fills.Count && Moved() == account.WalletE8 - BenchVenue.FundsE8);

        Assert.False(_hearer.IsBroken);
        Assert.Equal(fills.Order(), Of(FeedKind.Fill).Select(fill => Key(fill.Symbol, (ulong)fill.Other)).Order());
        foreach (IGrouping<int, FeedEvent> symbol in Of(FeedKind.Fill).GroupBy(fill => fill.Symbol))
            Assert.Equal(symbol.Select(fill => fill.Other).Order(), symbol.Select(fill => fill.Other));
        ulong[] accepted = [.. Of(FeedKind.OrderAccepted).Select(order => order.Id)];
        Assert.Equal(accepted.Distinct(), accepted);
    }

    private static ulong Key(int symbol, ulong trade) => (ulong)symbol << 32 | trade;

    private IEnumerable<FeedEvent> Of(FeedKind kind) => _hearer.Heard.Select(told => told.Happened).Where(told => told.Kind == kind);

    private long Moved() => Of(FeedKind.Balance).Sum(balance => balance.Amount);

    /// <summary>All of its history.</summary>
    private async Task<List<ulong>> Fills()
    {
        var all = new List<ulong>();
        ulong before = 0;
        do
        {
            Page<FillView> page = await _exchange.GetFills(_account, -1, before, 1_000, CancellationToken.None);
            all.AddRange(page.Items.Select(fill => Key(fill.Symbol, fill.TradeId)));
            before = page.Next;
        }
        while (before != 0);
        return all;
    }
}
