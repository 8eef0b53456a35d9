using Exchange.Core.Books;
using Exchange.Core.Orders;

namespace Exchange.Core.Accounts;

/// <content>Commands that reserve nothing, and the numbering that all of them share.</content>
public sealed partial class MarginAccount
{
    /// <summary>Finds an open order's symbol by its id; -1: none of this account's.</summary>
    /// <param name="likely">The symbol to look at first; -1: no guess.</param>
    public int SymbolOf(ulong orderId, int likely = -1)
    {
        if (likely >= 0 && Find(likely) is { } guess && guess.Orders.IndexOf(orderId) >= 0)
            return likely;
        foreach (SymbolState state in Symbols)
        {
            if (state.Orders.IndexOf(orderId) >= 0)
                return state.Symbol;
        }

        return -1;
    }

    /// <summary>Finds an open order by its client key; 0: none.</summary>
    public ulong OrderOf(int symbol, ClientKey key)
    {
        if (Find(symbol) is not { } state)
            return 0;
        int at = state.Orders.IndexOf(key);
        return at < 0 ? 0 : state.Orders.IdAt(at);
    }

    /// <summary>On which side an open order is; false, and both as they were: it is none of this account's.</summary>
    public bool TryGetSides(int symbol, ulong orderId, ref Side side, ref PositionSide positionSide)
    {
        if (Find(symbol) is not { } state || state.Orders.IndexOf(orderId) is not (>= 0 and var at))
            return false;
        side = state.Orders[at].Side;
        positionSide = state.Orders[at].PositionSide;
        return true;
    }

    /// <summary>Writes a cancel of one order.</summary>
    /// <returns><see cref="RejectReason.UnknownOrder"/> also for another account's order and for a final one.</returns>
    public RejectReason Cancel(int symbol, ulong orderId, EndReason reason, long timeMs, ref BookInput input)
    {
        if (Find(symbol) is not { } state || state.Orders.IndexOf(orderId) < 0)
            return RejectReason.UnknownOrder;
        FillCommand(state, BookInputKind.Cancel, timeMs, ref input);
        input.OrderId = orderId;
        input.Reason = reason;
        return RejectReason.None;
    }

    /// <summary>Writes a cancel of all of the account's orders in a symbol; false: there is none, nothing to send.</summary>
    public bool CancelAll(int symbol, EndReason reason, long timeMs, ref BookInput input)
    {
        if (Find(symbol) is not { } state || state.OpenOrderCount == 0)
            return false;
        FillCommand(state, BookInputKind.CancelAll, timeMs, ref input);
        input.Reason = reason;
        if (reason == EndReason.Liquidation)
            input.Liquidation = _liquidation.Number;
        return true;
    }

    /// <summary>Writes a countdown; 0 ms stops it. The book must know the account (<see cref="NeedsRegistration"/>).</summary>
    public RejectReason Countdown(int symbol, long ms, MarketTable market, long timeMs, ref BookInput input)
    {
        if (!market.IsListed(symbol))
            return RejectReason.UnknownSymbol;
        if (ms is < 0 or > Limits.CountdownMs)
            return RejectReason.CountdownRange;
        FillCommand(FindOrAdd(symbol), BookInputKind.Countdown, timeMs, ref input);
        input.Amount = ms;
        return RejectReason.None;
    }

    /// <summary>Writes what the book ranks and bounds by: the equities of this symbol's pools, and what may be forgotten.</summary>
    public void FillAcknowledge(int symbol, MarketTable market, long timeMs, ref BookInput input)
    {
        SymbolState state = FindOrAdd(symbol);
        input = default;
        input.TimeMs = timeMs;
        input.Kind = BookInputKind.Acknowledge;
        input.Account = Id;
        input.Epoch = state.Epoch;
        input.Number = state.LastEvent;
        input.Equity0E8 = PoolEquityE8(symbol, 0, market);
        input.Equity1E8 = PoolEquityE8(symbol, 1, market);
    }

    /// <summary>Writes ids of open orders in a symbol (-1: in all), by id over all symbols; returns how many there are.</summary>
    /// <remarks>More than fit are not written: call again with a larger span.</remarks>
    public int CopyOpenOrders(int symbol, Span<OpenOrderRef> to)
    {
        int count = 0;
        foreach (SymbolState state in Symbols)
        {
            if (symbol >= 0 && state.Symbol != symbol)
                continue;
            foreach (ulong id in state.Orders.Ids)
            {
                if (count < to.Length)
                    to[count] = new OpenOrderRef(id, state.Symbol);
                count++;
            }
        }

        if (count <= to.Length)
            to[..count].Sort(static (a, b) => a.OrderId.CompareTo(b.OrderId));
        return count;
    }

    /// <summary>Numbers a command: alone in its batch where the answer comes at once, else a place in the batch that is collected.</summary>
    private void FillCommand(SymbolState state, BookInputKind kind, long timeMs, ref BookInput input)
    {
        Invariant.Holds(state.IsRegistered);
        input = default;
        input.TimeMs = timeMs;
        input.Kind = kind;
        input.Account = Id;
        input.Epoch = state.Epoch;
        if (_collectsBatches)
        {
            int place = state.Queued++;
            input.Batch = state.Batch + 1 + (uint)(place / Limits.CommandsPerBatch);
            input.Index = (ushort)(place % Limits.CommandsPerBatch);
            return;
        }

        input.Batch = ++state.Batch;
        input.Count = 1;
    }

    /// <summary>Takes back the number of a command that was refused after all.</summary>
    private void DropQueued(SymbolState state)
    {
        if (_collectsBatches)
            state.Queued--;
        else
            state.Batch--;
    }
}

/// <summary>An open order and where it stands.</summary>
public readonly record struct OpenOrderRef(ulong OrderId, int Symbol);
