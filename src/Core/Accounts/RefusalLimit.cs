using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core.Accounts;

/// <summary>What would have passed: told with a refusal, decided by nothing.</summary>
internal static class RefusalLimit
{
    /// <summary>One number that says what would have passed, in the unit <see cref="CommandReply.LimitValue"/> names; 0: none.</summary>
    public static long Of(in Command command, RejectReason reason, MarginAccount? account, MarketTable market)
    {
        switch (reason)
        {
            case RejectReason.CountdownRange: return Limits.CountdownMs;
            case RejectReason.InsufficientBalance: return account?.WithdrawableE8(market) ?? 0;
            case RejectReason.InsufficientMargin: return account?.AvailableE8(market) ?? 0;
            case RejectReason.AmountRange: return InstrumentLimits.MaxMoneyE8;
        }

        int symbol = command.Symbol;
        if (command.Kind is CommandKind.Amend && !market.IsListed(symbol) && account is not null)
            symbol = account.SymbolOf(command.OrderId);
        if (!market.IsListed(symbol))
            return 0;
        Instrument instrument = market[symbol].Instrument;
        return reason switch
        {
            RejectReason.PriceRange => instrument.MaxPriceTicks,
            RejectReason.PriceBand => BandOf(in command, symbol, account, market),
            RejectReason.QtyRange => LotsOf(in command) < instrument.MinLots ? instrument.MinLots : instrument.MaxLots,
            RejectReason.PositionLimit => instrument.MaxPositionLots,
            RejectReason.MinNotional => instrument.MinNotionalE8,
            RejectReason.TooManyOrders => instrument.MaxOrders,
            RejectReason.LeverageRange => instrument.MaxLeverage,
            _ => 0,
        };
    }

    private static long LotsOf(in Command command) => command.Kind == CommandKind.Amend ? command.Lots : command.Terms.Lots;

    /// <summary>The band's edge, or the bankruptcy price of what the order closes where that is tighter.</summary>
    private static long BandOf(in Command command, int symbol, MarginAccount? account, MarketTable market)
    {
        Instrument instrument = market[symbol].Instrument;
        Side side = command.Terms.Side;
        PositionSide positionSide = command.Terms.PositionSide;
        long reference = command.Kind == CommandKind.Place && command.Terms.Type.IsConditional()
            ? command.Terms.StopTicks
            : market[symbol].MarkTicks;
        if (command.Kind == CommandKind.Amend)
            account?.TryGetSides(symbol, command.OrderId, ref side, ref positionSide);
        long band = side == Side.Buy ? instrument.HighestBuyTicks(reference) : instrument.LowestSellTicks(reference);
        if (account is null || (command.Kind == CommandKind.Place && command.Terms.Type.IsConditional()))
            return band;
        PositionLeg held = account.PositionOf(symbol, positionSide.Leg());
        if (held.Lots == 0 || (held.Lots > 0) == (side == Side.Buy))
            return band;
        long bankruptcy = account.ClosingTicks(symbol, positionSide.Leg(), market);
        return side == Side.Buy ? Math.Min(band, bankruptcy) : Math.Max(band, bankruptcy);
    }
}
