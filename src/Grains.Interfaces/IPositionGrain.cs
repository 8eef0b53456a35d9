using Exchange.Core.Port;

namespace Exchange.Grains.Interfaces;

/// <summary>One account; key: account id. What it tells readers is durable.</summary>
public interface IPositionGrain : INodeGrain
{
    /// <summary>How long somebody who asks for news may wait for some, ms: as long may an activation be held up that is to end.</summary>
    const int NewsPatienceMs = 5_000;

    private const string NewsTimeout = "00:00:15";

    /// <summary>See <see cref="IExchange.GetAccount"/>. Waits until the account knows its open orders again.</summary>
    ValueTask<Told<AccountView?>> GetAccount();

    /// <summary>Tells what happened to the account since a cursor.</summary>
    /// <param name="after">As text (<see cref="OwnCursor.ToString"/>); null: nothing of before.</param>
    /// <param name="most">Events that may be told; if there are more, <see cref="CursorRefusal.TooOld"/>.</param>
    /// <param name="waits">If nothing has happened, it is answered when something does, or after <see cref="NewsPatienceMs"/>.</param>
    [ResponseTimeout(NewsTimeout)]
    ValueTask<OwnNews> Hear(string? after, int most, bool waits);

    /// <summary>See <see cref="IExchange.FindOrder(uint, int, string, CancellationToken)"/>.</summary>
    ValueTask<Told<OrderView?>> FindOrderOf(string clientOrderId, int symbol);

    /// <summary>See <see cref="IExchange.FindOrder(uint, ulong, CancellationToken)"/>.</summary>
    ValueTask<Told<OrderView?>> FindOrder(ulong orderId);

    /// <summary>What an order of the account traded as it entered, oldest first; nothing where it is not known any more.</summary>
    ValueTask<Told<FillView[]>> GetFillsAtEntry(ulong orderId);

    /// <summary>See <see cref="IExchange.GetOpenOrders"/>.</summary>
    ValueTask<Told<OrderView[]>> GetOpenOrders(int symbol);

    /// <summary>See <see cref="IExchange.GetOrders"/>.</summary>
    ValueTask<Told<Page<OrderView>>> GetOrders(int symbol, ulong before, int limit);

    /// <summary>See <see cref="IExchange.GetFills"/>.</summary>
    ValueTask<Told<Page<FillView>>> GetFills(int symbol, ulong before, int limit);

    /// <summary>See <see cref="IExchange.GetLedger"/>.</summary>
    ValueTask<Told<LedgerView>> GetLedger(int symbol, ulong before, int limit);
}
