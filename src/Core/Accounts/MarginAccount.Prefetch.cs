namespace Exchange.Core.Accounts;

/// <content>Asking for the account's memory ahead, a reference a step (<see cref="Engine.Prefetch"/>).</content>
public sealed partial class MarginAccount
{
    /// <summary>What an order touches of this object: not its liquidation.</summary>
    internal const int HotBytes = 192;

    /// <summary>Most accounts are in a few symbols; more are not asked for.</summary>
    private const int MostSymbolsAhead = 4;

    internal void PrefetchSymbols()
    {
        CacheLine.FetchElements(_symbols, 0);
        CacheLine.FetchElements(_symbolIds, 0);
    }

    /// <summary>All of them: what is free depends on every symbol.</summary>
    internal void PrefetchStates()
    {
        int count = Math.Min(_symbolCount, MostSymbolsAhead);
        for (int i = 0; i < count; i++)
            CacheLine.Fetch(_symbols[i], SymbolState.HotBytes);
    }

    /// <summary>One: what an event, or a command allowed already, concerns.</summary>
    internal void PrefetchState(int symbol)
    {
        if (Peek(symbol) is { } state)
            CacheLine.Fetch(state, SymbolState.HotBytes);
    }

    internal void PrefetchOrders(int symbol, bool isNew)
    {
        if (Peek(symbol) is { } state)
            state.Orders.PrefetchEnd(isNew);
    }

    internal void PrefetchOrder(int symbol, ulong orderId)
    {
        if (Peek(symbol) is { } state)
            state.Orders.Prefetch(orderId);
    }

    /// <summary>As <see cref="Find"/>, for few symbols, and leaving no trace.</summary>
    private SymbolState? Peek(int symbol)
    {
        int count = Math.Min(_symbolCount, MostSymbolsAhead);
        for (int i = 0; i < count; i++)
        {
            if (_symbolIds[i] == symbol)
                return _symbols[i];
        }

        return null;
    }
}
