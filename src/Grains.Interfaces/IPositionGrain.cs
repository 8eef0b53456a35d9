using Exchange.Core.Port;

namespace Exchange.Grains.Interfaces;

/// <summary>One account; key: account id. What it tells readers is durable.</summary>
public interface IPositionGrain : INodeGrain
{
    /// <summary>Takes what the clients of a silo send, as <see cref="INodeReceiver.Deliver"/> does, and learns where to answer.</summary>
    /// <param name="silo">Key of the <see cref="ISiloGrain"/> that the clients are at.</param>
    ValueTask Ask(NodeBatch batch, string silo);

    /// <summary>See <see cref="IExchange.FindOrder(uint, ulong, CancellationToken)"/>.</summary>
    ValueTask<Told<OrderView?>> FindOrder(ulong orderId);

    /// <summary>See <see cref="IExchange.GetOpenOrders"/>.</summary>
    ValueTask<Told<OrderView[]>> GetOpenOrders(int symbol);

    /// <summary>See <see cref="IExchange.GetOrders"/>.</summary>
    ValueTask<Told<Page<OrderView>>> GetOrders(int symbol, ulong before, int limit);

    /// <summary>See <see cref="IExchange.GetFills"/>.</summary>
    ValueTask<Told<Page<FillView>>> GetFills(int symbol, ulong before, int limit);

    /// <summary>See <see cref="IExchange.GetLedger"/>.</summary>
    ValueTask<Told<LedgerView>> GetLedger(int symbol, ulong before, int limit);
}
