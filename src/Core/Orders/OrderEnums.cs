using System.Runtime.CompilerServices;

namespace Exchange.Core.Orders;

/// <summary>Direction of an order.</summary>
public enum Side : byte
{
    Buy = 0,
    Sell = 1,
}

/// <summary>The seven order types (docs/rules/matching.md 3).</summary>
public enum OrderType : byte
{
    Limit = 0,
    Market = 1,
    StopLimit = 2,
    StopMarket = 3,
    TakeProfit = 4,
    TakeProfitMarket = 5,
    TrailingStopMarket = 6,
}

/// <summary>How long an order may wait for its counterparty (docs/rules/matching.md 3.3).</summary>
public enum TimeInForce : byte
{
    Gtc = 0,
    Ioc = 1,
    Fok = 2,

    /// <summary>Post-only: never takes.</summary>
    Gtx = 3,

    /// <summary>Good till a date.</summary>
    Gtd = 4,
}

/// <summary>Which order gives way when a taker meets its own account's order; the taker's mode counts.</summary>
public enum SelfTradePrevention : byte
{
    ExpireMaker = 0,
    ExpireTaker = 1,
    ExpireBoth = 2,
}

/// <summary>The position an order acts on: one net position, or a leg in hedge mode.</summary>
public enum PositionSide : byte
{
    Both = 0,
    Long = 1,
    Short = 2,
}

/// <summary>Margin mode of an account in one symbol.</summary>
public enum MarginMode : byte
{
    Cross = 0,
    Isolated = 1,
}

/// <summary>Flags of an order as its sender chose them.</summary>
[Flags]
public enum OrderFlags : byte
{
    None = 0,
    ReduceOnly = 1,
    ClosePosition = 2,
    PriceProtect = 4,

    /// <summary>Conditional orders watch the mark price; without this flag the last price.</summary>
    WorkingMark = 8,

    /// <summary>A repeat of the client order id returns the first order (native API); without it, it is refused.</summary>
    ReturnRepeats = 16,
}

/// <summary>Which optional fields the sender gave: zero given is not the same as not given.</summary>
[Flags]
public enum OrderFields : byte
{
    None = 0,
    Price = 1,
    Lots = 2,
    Stop = 4,
    Activation = 8,
    Callback = 16,
    Gtd = 32,
}

/// <summary>State of an accepted order (docs/rules/matching.md 1).</summary>
public enum OrderStatus : byte
{
    None = 0,
    New = 1,
    Waiting = 2,
    PartiallyFilled = 3,
    Filled = 4,
    Canceled = 5,
    Expired = 6,
}

/// <summary>Why an order ended unfilled: by will (canceled) or by rule (expired).</summary>
public enum EndReason : byte
{
    None = 0,

    // Canceled.
    User = 1,
    Countdown = 2,
    Amend = 3,
    Liquidation = 4,
    Adl = 5,
    Risk = 6,
    Outbox = 7,

    /// <summary>The operator froze the account.</summary>
    Frozen = 8,

    /// <summary>The symbol was delisted.</summary>
    Delisted = 9,

    // Expired.
    Ioc = 16,
    Market = 17,
    Gtd = 18,
    Stp = 19,
    ReduceOnly = 20,
    PostOnly = 21,
    Bankruptcy = 22,
}

/// <summary>What a symbol, or an account, may do at the moment.</summary>
public enum TradingState : byte
{
    Trading = 0,

    /// <summary>Cancels and reducing orders only.</summary>
    ReduceOnly = 1,

    /// <summary>Cancels only. Of an account: frozen, so that nothing leaves its wallet either.</summary>
    Halted = 2,

    /// <summary>Of a symbol: delisted, its positions settled; nothing ever again.</summary>
    Settled = 3,
}

/// <summary>Small facts about the enums that the machines share.</summary>
public static class OrderRules
{
    /// <summary>Whether a symbol or an account in this state takes an order, or an amend.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool Takes(this TradingState state, bool isReducing) =>
        state == TradingState.Trading || (state == TradingState.ReduceOnly && isReducing);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsConditional(this OrderType type) => type >= OrderType.StopLimit;

    /// <summary>Fills what it can within a protection price; never rests.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsMarketType(this OrderType type) => !type.HasLimit();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool HasLimit(this OrderType type) =>
        type is OrderType.Limit or OrderType.StopLimit or OrderType.TakeProfit;

    public static Side Opposite(this Side side) => unchecked((Side)(1 - (int)side));

    /// <summary>+1 for a buy, -1 for a sell.</summary>
    public static int Sign(this Side side) => unchecked(1 - 2 * (int)side);

    /// <summary>Index of the position an order acts on: 0 for the net position and the long leg, 1 for the short leg.</summary>
    public static int Leg(this PositionSide side) => (int)side >> 1 & 1;

    public static bool IsCanceled(this EndReason reason) => reason is not EndReason.None and < EndReason.Ioc;

    /// <summary>Reduce-only, close-position, or in hedge mode a sell on LONG or a buy on SHORT.</summary>
    public static bool IsReducing(OrderFlags flags, Side side, PositionSide positionSide) =>
        (flags & (OrderFlags.ReduceOnly | OrderFlags.ClosePosition)) != 0
        || (positionSide == PositionSide.Long && side == Side.Sell)
        || (positionSide == PositionSide.Short && side == Side.Buy);
}
