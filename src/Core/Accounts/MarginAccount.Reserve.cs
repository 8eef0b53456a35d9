using Exchange.Core.Books;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;

namespace Exchange.Core.Accounts;

/// <content>Check 15: position limit, bracket, margin, and that open orders stay payable; then the margin is held.</content>
public sealed partial class MarginAccount
{
    /// <summary>Whether a book must hear <see cref="FillRegister"/> before it is sent anything else.</summary>
    public bool NeedsRegistration(int symbol) => Find(symbol) is not { IsRegistered: true };

    /// <summary>Writes the registration with a book; the host that cannot lose it sends it and goes on.</summary>
    public void FillRegister(int symbol, MarketTable market, long timeMs, ref BookInput input)
    {
        SymbolState state = FindOrAdd(symbol);
        if (state.Epoch == 0)
            state.Epoch = 1;
        state.IsRegistered = true;
        input = default;
        input.TimeMs = timeMs;
        input.Kind = BookInputKind.Register;
        input.Account = Id;
        input.Epoch = state.Epoch;
        input.Equity0E8 = PoolEquityE8(symbol, 0, market);
        input.Equity1E8 = PoolEquityE8(symbol, 1, market);
    }

    /// <summary>Judges check 15; if it passes, holds the margin and writes the message to the book.</summary>
    /// <param name="terms">The order, as <see cref="JudgePlace"/> passed it.</param>
    /// <param name="market">The marks it is decided with.</param>
    /// <param name="orderId">The id it gets if the book accepts it; 0 where the book gives it.</param>
    /// <param name="timeMs">The input's time.</param>
    /// <param name="input">Set when it passes.</param>
    /// <param name="isAllowed">
    /// It passed before, at the worst price of its terms, and left no trace: only what is kept of it is done. Then nothing is held
    /// for fee and loss, which is for judging others before the answer is there.
    /// </param>
    public RejectReason ReservePlace(
        in OrderTerms terms, MarketTable market, ulong orderId, long timeMs, ref BookInput input, bool isAllowed = false)
    {
        SymbolState state = FindOrAdd(terms.Symbol);
        ref readonly MarketTable.Entry entry = ref market[terms.Symbol];
        if (isAllowed)
        {
            long unchanged = MarginRules.WorstTicks(in terms, entry.Instrument, entry.MarkTicks);
            AccountOrder allowed = OrderOf(in terms, in entry, unchanged);
            state.Count(ref allowed, entry.Instrument);
            AddPlaceFlight(state, in terms, in allowed, orderId, unchanged, 0, timeMs, ref input);
            return RejectReason.None;
        }

        if (!terms.IsReducing && !FitsPosition(state, terms.Side, terms.Lots, entry.Instrument))
            return RejectReason.PositionLimit;

        Refreshed(state, market);
        Int128 before = state.RequiredE8;
        long worst = WorstTicks(state, in terms, market);
        AccountOrder order = OrderOf(in terms, in entry, worst);
        state.Count(ref order, entry.Instrument);

        RejectReason reason = JudgeMargin(state, in order, terms.Lots, before, market, out Int128 hold);
        if (reason == RejectReason.None)
        {
            AddPlaceFlight(state, in terms, in order, orderId, worst, hold, timeMs, ref input);
            if (IsPayable(market))
                return RejectReason.None;
            state.RemoveFlight(state.FlightCount - 1);
            _heldE8 -= hold;
            state.PlacesInFlight--;
            DropQueued(state);
            reason = RejectReason.InsufficientMargin;
        }

        state.Uncount(in order);
        return reason;
    }

    /// <summary>Judges an amend up to check 11 of the result; changes nothing.</summary>
    /// <param name="symbol">The order's symbol.</param>
    /// <param name="orderId">The order.</param>
    /// <param name="fields">Which of price and quantity are given.</param>
    /// <param name="priceTicks">The new price.</param>
    /// <param name="lots">The new total quantity, filled included.</param>
    public RejectReason JudgeAmend(
        int symbol, ulong orderId, OrderFields fields, long priceTicks, long lots, MarketTable market)
    {
        if (!market.IsListed(symbol))
            return RejectReason.UnknownSymbol;
        if (IsHeld)
            return RejectReason.AccountInLiquidation;
        SymbolState? state = Find(symbol);
        int at = state is null ? -1 : state.Orders.IndexOf(orderId);
        if (state is null || at < 0)
            return RejectReason.UnknownOrder;

        ref readonly MarketTable.Entry entry = ref market[symbol];
        ref readonly AccountOrder order = ref state.Orders[at];
        bool isReducing = order.IsReducing;
        if (Barred(isReducing) is not RejectReason.None and var barred)
            return barred;
        if (entry.MarkTicks == 0 || !entry.State.Takes(isReducing))
            return RejectReason.SymbolNotTrading;
        if (order.Type != OrderType.Limit)
            return RejectReason.NotAmendable;

        long price = (fields & OrderFields.Price) != 0 ? priceTicks : order.PriceTicks;
        long total = (fields & OrderFields.Lots) != 0 ? lots : order.TotalLots;
        if (price == order.PriceTicks && total == order.TotalLots)
            return RejectReason.NoChange;
        if (order.FilledLots > 0 && total <= order.FilledLots)
            return RejectReason.None;
        Instrument instrument = entry.Instrument;
        if (!IsPriceInRange(price, instrument))
            return RejectReason.PriceRange;
        if (total < instrument.MinLots || total > instrument.MaxLots)
            return RejectReason.QtyRange;
        if (!IsPriceInBand(order.Side, price, entry.MarkTicks, instrument)
            || IsWorseThanBankruptcy(state, order.Side, order.PositionSide.Leg(), price, market))
            return RejectReason.PriceBand;
        return !isReducing && MarginRules.NotionalE8(price, total, instrument.UnitE8) < instrument.MinNotionalE8
            ? RejectReason.MinNotional
            : RejectReason.None;
    }

    /// <summary>Judges check 15 of an amend; if it passes, holds the larger of old and new and writes the message.</summary>
    /// <param name="isAllowed">As of <see cref="ReservePlace"/>.</param>
    public RejectReason ReserveAmend(
        int symbol, ulong orderId, OrderFields fields, long priceTicks, long lots, MarketTable market, long timeMs,
        ref BookInput input, bool isAllowed = false)
    {
        SymbolState state = FindOrAdd(symbol);
        ref readonly MarketTable.Entry entry = ref market[symbol];
        int at = state.Orders.IndexOf(orderId);
        ref AccountOrder order = ref state.Orders[at];
        AccountOrder old = order;
        bool isSamePrice = (fields & OrderFields.Price) == 0 || priceTicks == old.PriceTicks;
        long price = isSamePrice ? old.PriceTicks : priceTicks;
        long reserve = isSamePrice ? old.ReserveTicks : MarginRules.LimitReserveTicks(old.Side, price, entry.MarkTicks);
        long total = (fields & OrderFields.Lots) != 0 ? lots : old.TotalLots;
        long leaves = total - old.FilledLots;
        Int128 hold = 0;
        if (leaves > 0)
        {
            long others = old.Amends > 0 ? Math.Max(0, leaves - old.CountedLots) : leaves - old.CountedLots;
            if (!isAllowed && !old.IsReducing && !FitsPosition(state, old.Side, others, entry.Instrument))
                return RejectReason.PositionLimit;
            RejectReason reason = TryAmend(state, ref order, price, leaves, reserve, market, isAllowed, out hold);
            if (reason != RejectReason.None)
                return reason;
        }

        FillCommand(state, BookInputKind.Amend, timeMs, ref input);
        input.OrderId = orderId;
        input.Fields = fields & (OrderFields.Price | OrderFields.Lots);
        input.PriceTicks = priceTicks;
        input.Lots = lots;
        input.ReserveTicks = reserve;
        input.WorstTicks = price;
        if (leaves > 0)
            AddAmendFlight(state, in order, in input, price, leaves, hold);
        return RejectReason.None;
    }

    /// <summary>Puts the result in the order's place, judges, and leaves it counting the larger of old and new.</summary>
    private RejectReason TryAmend(
        SymbolState state, ref AccountOrder order, long price, long leaves, long reserve, MarketTable market, bool isAllowed,
        out Int128 hold)
    {
        AccountOrder old = order;
        Instrument instrument = market[state.Symbol].Instrument;
        Int128 before = isAllowed ? 0 : Refreshed(state, market).RequiredE8;
        state.Uncount(in order);
        order.PriceTicks = price;
        order.LeavesLots = leaves;
        order.ReserveTicks = reserve;
        order.CountedLots = leaves;
        order.CountedE8 = order.IsReducing ? 0 : MarginRules.NotionalE8(reserve, leaves, instrument.UnitE8);
        if (old.Amends > 0)
            CountLarger(ref order, in old);
        state.AddCounted(in order);

        RejectReason reason = RejectReason.None;
        hold = 0;
        if (!isAllowed)
        {
            reason = JudgeMargin(state, in order, leaves, before, market, out hold);
            if (reason == RejectReason.None && !IsPayable(market))
                reason = RejectReason.InsufficientMargin;
        }

        state.Uncount(in order);
        if (reason == RejectReason.None)
        {
            CountLarger(ref old, in order);
            old.Amends++;
            state.WidenBounds(order.Side, price);
        }

        order = old;
        state.AddCounted(in order);
        return reason;
    }

    private static void CountLarger(ref AccountOrder order, in AccountOrder other)
    {
        order.CountedLots = Math.Max(order.CountedLots, other.CountedLots);
        order.CountedE8 = Int128.Max(order.CountedE8, other.CountedE8);
    }

    /// <summary>Bracket and margin, with the order already counted; skipped if nothing more is needed.</summary>
    /// <param name="before">What the symbol required before.</param>
    /// <param name="hold">Fee and open loss that were compared: held while the command is in flight.</param>
    private RejectReason JudgeMargin(
        SymbolState state, in AccountOrder order, long lots, Int128 before, MarketTable market, out Int128 hold)
    {
        hold = 0;
        if (order.IsReducing)
            return RejectReason.None;
        ref readonly MarketTable.Entry entry = ref market[state.Symbol];
        Refreshed(state, market);
        if (state.RequiredE8 <= before)
            return RejectReason.None;
        if (MarginRules.IsBeyondLeverage(entry.Instrument, state.ExposureE8(IsHedge), state.Leverage))
            return RejectReason.PositionLimit;

        long unit = entry.Instrument.UnitE8;
        Int128 extra = MarginRules.OpeningFeeE8(MarginRules.NotionalE8(order.ReserveTicks, lots, unit), entry.Instrument);
        if (!order.Type.IsConditional())
        {
            // The untightened protection price: what the order may open past zero is charged as any opening is.
            long worst = order.Type == OrderType.Market
                ? entry.Instrument.ProtectionTicks(order.Side, entry.MarkTicks)
                : order.PriceTicks;
            extra += MarginRules.OpenLossE8(order.Side, worst, entry.MarkTicks, lots, unit);
        }

        // The order's margin is required already, so what is free now must hold the rest.
        if (FreeE8(market) < extra)
            return RejectReason.InsufficientMargin;
        hold = extra;
        return RejectReason.None;
    }

    private static bool FitsPosition(SymbolState state, Side side, long lots, Instrument instrument)
    {
        long held = side == Side.Buy
            ? state.BuyLots + Math.Max(state.Leg0.Lots, 0)
            : state.SellLots + Math.Max(Math.Max(-state.Leg0.Lots, 0), -state.Leg1.Lots);
        return held + lots <= instrument.MaxPositionLots;
    }

    /// <summary>The worst price an order may trade at: its limit; for MARKET the protection price, tightened where it closes.</summary>
    private long WorstTicks(SymbolState state, in OrderTerms terms, MarketTable market)
    {
        ref readonly MarketTable.Entry entry = ref market[terms.Symbol];
        long worst = MarginRules.WorstTicks(in terms, entry.Instrument, entry.MarkTicks);
        int leg = terms.PositionSide.Leg();
        return terms.Type == OrderType.Market && IsWorseThanBankruptcy(state, terms.Side, leg, worst, market)
            ? ClosingTicks(state, leg, market)
            : worst;
    }

    private static AccountOrder OrderOf(in OrderTerms terms, in MarketTable.Entry entry, long worstTicks)
    {
        AccountOrder order = default;
        order.LeavesLots = terms.Lots;
        order.ReserveTicks = MarginRules.ReserveTicks(in terms, entry.Instrument, entry.MarkTicks);
        order.PriceTicks = terms.Type == OrderType.Market ? worstTicks : terms.PriceTicks;
        order.Side = terms.Side;
        order.Type = terms.Type;
        order.PositionSide = terms.PositionSide;
        order.Flags = terms.Flags;
        order.IsWaiting = terms.Type.IsConditional();
        return order;
    }

    private void AddPlaceFlight(
        SymbolState state, in OrderTerms terms, in AccountOrder order, ulong orderId, long worstTicks, Int128 hold, long timeMs,
        ref BookInput input)
    {
        FillCommand(state, BookInputKind.Place, timeMs, ref input);
        input.OrderId = orderId;
        input.Terms = terms;
        input.ReserveTicks = order.ReserveTicks;
        input.WorstTicks = worstTicks;
        ref InFlight flight = ref state.AddFlight();
        flight = default;
        flight.Key = input.CommandKey;
        flight.OrderId = orderId;
        flight.ClientKey = terms.ClientKey;
        flight.HoldE8 = hold;
        flight.Order = order;
        flight.IsPlace = true;
        state.PlacesInFlight++;
        _heldE8 += hold;
        _isWatched = false;
    }

    private void AddAmendFlight(
        SymbolState state, in AccountOrder order, in BookInput input, long price, long leaves, Int128 hold)
    {
        ref InFlight flight = ref state.AddFlight();
        flight = default;
        flight.Key = input.CommandKey;
        flight.OrderId = input.OrderId;
        flight.HoldE8 = hold;
        flight.Order = order;
        flight.Order.PriceTicks = price;
        flight.Order.LeavesLots = leaves;
        _heldE8 += hold;
        _isWatched = false;
    }
}
