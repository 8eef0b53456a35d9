using Exchange.Core.Accounts;
using Exchange.Core.Books;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core;

// What would have passed: told with a refusal, decided by nothing.
public sealed partial class Engine
{
    /// <summary>One number that says what would have passed, in the unit <see cref="CommandReply.LimitValue"/> names; 0: none.</summary>
    private long LimitOf(in Command command, RejectReason reason)
    {
        switch (reason)
        {
            case RejectReason.CountdownRange: return Limits.CountdownMs;
            case RejectReason.InsufficientBalance: return Account(command.Account)?.WithdrawableE8(_market) ?? 0;
            case RejectReason.InsufficientMargin: return Account(command.Account)?.AvailableE8(_market) ?? 0;
            case RejectReason.AmountRange: return InstrumentLimits.MaxMoneyE8;
        }

        int symbol = command.Symbol;
        if (command.Kind is CommandKind.Amend && !_market.IsListed(symbol) && Account(command.Account) is { } owner)
            symbol = owner.SymbolOf(command.OrderId);
        if (!_market.IsListed(symbol))
            return 0;
        Instrument instrument = _market[symbol].Instrument;
        return reason switch
        {
            RejectReason.PriceRange => instrument.MaxPriceTicks,
            RejectReason.PriceBand => BandOf(in command, symbol, instrument),
            RejectReason.QtyRange => LotsOf(in command) < instrument.MinLots ? instrument.MinLots : instrument.MaxLots,
            RejectReason.PositionLimit => instrument.MaxPositionLots,
            RejectReason.MinNotional => instrument.MinNotionalE8,
            RejectReason.TooManyOrders => instrument.MaxOrders,
            RejectReason.LeverageRange => instrument.MaxLeverage,
            RejectReason.PostOnlyWouldCross => PostOnlyLimit(in command, symbol),
            _ => 0,
        };
    }

    private static long LotsOf(in Command command) => command.Kind == CommandKind.Amend ? command.Lots : command.Terms.Lots;

    /// <summary>The band's edge, or the bankruptcy price of what the order closes where that is tighter.</summary>
    private long BandOf(in Command command, int symbol, Instrument instrument)
    {
        Side side = command.Terms.Side;
        PositionSide positionSide = command.Terms.PositionSide;
        long reference = command.Kind == CommandKind.Place && command.Terms.Type.IsConditional()
            ? command.Terms.StopTicks
            : _market[symbol].MarkTicks;
        MarginAccount? account = Account(command.Account);
        if (command.Kind == CommandKind.Amend)
            account?.TryGetSides(symbol, command.OrderId, ref side, ref positionSide);
        long band = side == Side.Buy ? instrument.HighestBuyTicks(reference) : instrument.LowestSellTicks(reference);
        if (account is null || (command.Kind == CommandKind.Place && command.Terms.Type.IsConditional()))
            return band;
        PositionLeg held = account.PositionOf(symbol, positionSide.Leg());
        if (held.Lots == 0 || (held.Lots > 0) == (side == Side.Buy))
            return band;
        long bankruptcy = account.ClosingTicks(symbol, positionSide.Leg(), _market);
        return side == Side.Buy ? Math.Min(band, bankruptcy) : Math.Max(band, bankruptcy);
    }

    /// <summary>The best price at which a post-only order would have rested.</summary>
    private long PostOnlyLimit(in Command command, int symbol) =>
        _answers is not null ? _answers[_answerAt].PostOnlyTicks : PostOnlyTicks(_books[symbol], command.Terms.Side);

    private static long PostOnlyTicks(OrderBook book, Side side) =>
        side == Side.Buy ? Math.Max(0, book.BestAskTicks - 1) : book.BestBidTicks + 1;
}
