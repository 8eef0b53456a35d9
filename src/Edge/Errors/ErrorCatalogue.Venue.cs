using Exchange.Core;

namespace Exchange.Edge.Errors;

/// <summary>Refusals of the venue itself, one for each reason a client can meet.</summary>
internal static partial class ErrorCatalogue
{
    public static readonly ErrorEntry UnknownSymbol = new("UNKNOWN_SYMBOL", 404,
        "No such symbol is listed.", "GET /api/v1/instruments lists them.", RejectReason.UnknownSymbol);

    public static readonly ErrorEntry UnknownOrder = new("UNKNOWN_ORDER", 404,
        "No such order.", "It never was, is another account's, or is final and cannot be changed: one answer for all.",
        RejectReason.UnknownOrder);

    public static readonly ErrorEntry UnknownAccount = new("UNKNOWN_ACCOUNT", 404,
        "No such account.", "An administrator has to create it first.", RejectReason.UnknownAccount);

    public static readonly ErrorEntry PriceRange = new("PRICE_RANGE", 422,
        "A price is outside what the instrument allows.", "`limit` is the nearest price that passes.",
        RejectReason.PriceRange, LimitUnit.Price);

    public static readonly ErrorEntry QtyRange = new("QTY_RANGE", 422,
        "The quantity is below the instrument's minimum or above its maximum.", "`limit` is the nearest quantity that passes.",
        RejectReason.QtyRange, LimitUnit.Qty);

    public static readonly ErrorEntry LeverageRange = new("LEVERAGE_RANGE", 422,
        "The leverage is not a whole number from 1 to the instrument's maximum.", "`limit` is the largest that passes.",
        RejectReason.LeverageRange, LimitUnit.Count);

    public static readonly ErrorEntry BadCallbackRate = new("BAD_CALLBACK_RATE", 422,
        "The callback rate is not 0.001 to 0.1 in steps of 0.001.", "0.01 means one percent.", RejectReason.BadCallbackRate);

    public static readonly ErrorEntry AmountRange = new("AMOUNT_RANGE", 422,
        "The amount is zero or too large.", "Amounts are positive with up to 8 decimals.", RejectReason.AmountRange, LimitUnit.Money);

    public static readonly ErrorEntry Overloaded = new("OVERLOADED", 503,
        "The venue sheds load.", "Nothing was done. Repeat after Retry-After seconds with the same clientOrderId; cancels go first.",
        RejectReason.Overloaded);

    private static ErrorEntry[] Venue =>
    [
        UnknownSymbol, UnknownOrder, UnknownAccount, PriceRange, QtyRange, LeverageRange, BadCallbackRate, AmountRange, Overloaded,
        .. Orders, .. Settings, .. State,
    ];

    private static ErrorEntry[] Orders =>
    [
        new("SYMBOL_NOT_TRADING", 422, "The symbol takes no such order now.",
            "It is halted, takes reducing orders only, or has no mark price yet; see its status in GET /api/v1/instruments.",
            RejectReason.SymbolNotTrading),
        new("ACCOUNT_IN_LIQUIDATION", 422, "The account is being liquidated.",
            "Orders, transfers and settings are taken again when it is over.", RejectReason.AccountInLiquidation),
        new("DUPLICATE_CLIENT_ID", 409, "An open order has this client order id.", "Choose another id.", RejectReason.DuplicateClientId),
        new("BAD_COMBINATION", 422, "The fields do not fit the order type.",
            "price exactly for limit, stop_limit and take_profit; stopPrice exactly for the four stop and take-profit types; callbackRate exactly for "
            + "trailing_stop_market; closePosition only with stop_market or take_profit_market and without qty and reduceOnly; gtdMs exactly with gtd.",
            RejectReason.BadCombination),
        new("GTD_IN_PAST", 422, "gtdMs is not in the future.", "Give a later time, in Unix milliseconds.", RejectReason.GtdInPast),
        new("POSITION_SIDE_MISMATCH", 422, "positionSide does not fit the account's position mode.",
            "both in one-way mode, long or short in hedge mode.", RejectReason.PositionSideMismatch),
        new("PRICE_BAND", 422, "The price is outside the band around the mark price, or worse than the position's bankruptcy price.",
            "`limit` is the nearest price that passes.", RejectReason.PriceBand, LimitUnit.Price),
        new("MIN_NOTIONAL", 422, "Price times quantity is below the instrument's minimum.",
            "Raise the quantity; `limit` is the least notional.", RejectReason.MinNotional, LimitUnit.Money),
        new("TOO_MANY_ORDERS", 422, "The account has as many open orders on the symbol as it may have.",
            "Cancel some; `limit` is the number.", RejectReason.TooManyOrders, LimitUnit.Count),
        new("REDUCE_ONLY_REJECT", 422, "There is no position that this order could reduce.", "Check GET /api/v1/positions.",
            RejectReason.ReduceOnlyReject),
        new("WOULD_TRIGGER", 422, "The stop is already met: the order would trigger at once.", "Move stopPrice, or place it without a stop.",
            RejectReason.WouldTrigger),
        new("POSITION_LIMIT", 422, "The position could grow beyond what the bracket or the instrument allows.",
            "Lower quantity or leverage, or cancel orders.", RejectReason.PositionLimit, LimitUnit.Qty),
        new("INSUFFICIENT_MARGIN", 422, "The account's available margin does not cover this.",
            "Lower quantity, cancel orders or deposit; `limit` is what is available.", RejectReason.InsufficientMargin, LimitUnit.Money),
        new("POST_ONLY_WOULD_CROSS", 422, "A gtx order would trade at once.", "Move the price, or use gtc; `limit` is the best opposite price.",
            RejectReason.PostOnlyWouldCross, LimitUnit.Price),
        new("FOK_WOULD_NOT_FILL", 422, "The order cannot be filled whole at once.", "Nothing was traded. Lower the quantity or use ioc.",
            RejectReason.FokWouldNotFill),
        new("NOT_AMENDABLE", 422, "Only limit orders on the book can be amended.", "Cancel it and place a new one.", RejectReason.NotAmendable),
        new("NO_CHANGE", 422, "It already is as you ask.", "Nothing to do.", RejectReason.NoChange),
        new("CLIENT_ID_REUSED", 409, "This client order id was used for an order with other content, or for one that ended so long ago that what became of it is not known.",
            "A repeat must be the same in every field; use a new id for a new order.", RejectReason.ClientIdReused),
    ];

    private static ErrorEntry[] Settings =>
    [
        new("OPEN_ORDERS", 422, "The mode cannot change while orders are open.", "Cancel them first.", RejectReason.OpenOrders),
        new("OPEN_POSITION", 422, "The mode cannot change while a position is open.", "Close it first.", RejectReason.OpenPosition),
        new("ISOLATED_LEVERAGE_REDUCTION", 422, "The leverage of an open isolated position cannot be lowered.",
            "Add margin instead.", RejectReason.IsolatedLeverageReduction),
        new("NO_ISOLATED_POSITION", 422, "There is no isolated position to move margin to or from.",
            "Margin is moved only while an isolated position is open.", RejectReason.NoIsolatedPosition),
        new("INSUFFICIENT_BALANCE", 422, "The withdrawable balance does not cover the amount.",
            "Profit not yet realised cannot leave; `limit` is what can.", RejectReason.InsufficientBalance, LimitUnit.Money),
        new("TRANSFER_ID_REUSED", 409, "This transferId was used for another amount.", "Use a new id for a new transfer.",
            RejectReason.TransferIdReused),
        new("COUNTDOWN_RANGE", 422, "The countdown is too long.", "At most a day; 0 stops it.", RejectReason.CountdownRange, LimitUnit.Count),
    ];

    private static ErrorEntry[] State =>
    [
        new("ACCOUNT_EXISTS", 409, "The account exists already.", "Nothing to do, or choose another id.", RejectReason.AccountExists),
        new("ACCOUNT_RECOVERING", 503, "The account is coming up again.", "Repeat after Retry-After seconds with the same clientOrderId.",
            RejectReason.AccountRecovering),
        new("OUTBOX_FULL", 503, "The account's event queue is full.", "Repeat after Retry-After seconds.", RejectReason.OutboxFull),
        new("CANCEL_ONLY", 503, "The venue takes cancels only: its disk is nearly full.", "Cancels work; an operator has to make room.",
            RejectReason.CancelOnly),
        new("ACCOUNT_FROZEN", 403, "The account is frozen.", "Ask the operator.", RejectReason.AccountFrozen),
        new("ACCOUNT_REDUCE_ONLY", 403, "The account may only reduce its positions.", "Reducing orders and cancels work; ask the operator.",
            RejectReason.AccountReduceOnly),
        new("SYMBOL_EXISTS", 409, "An instrument of this symbol is listed already.", "Choose another symbol.", RejectReason.SymbolExists),
        new("INSTRUMENT_REFUSED", 422, "The instrument's terms contradict each other.",
            "tick × lot must be a whole number of 1e-8 USDT, brackets must rise, and maxPrice × maxPosition must fit the money type.",
            RejectReason.InstrumentRefused),
        new("INDEX_BAND", 422, "The index price is too far from the one before.", "Check the source; a halt allows any price.",
            RejectReason.PriceBandOfIndex),
    ];
}
