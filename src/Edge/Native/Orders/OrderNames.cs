using Exchange.Edge.Json;

namespace Exchange.Edge.Native.Orders;

/// <summary>Names on the wire of what orders are made of; a name's place is the enum's value.</summary>
internal static class OrderNames
{
    public static readonly WireNames Sides = new("buy", "sell");

    public static readonly WireNames Types =
        new("limit", "market", "stop_limit", "stop_market", "take_profit", "take_profit_market", "trailing_stop_market");

    public static readonly WireNames TimesInForce = new("gtc", "ioc", "fok", "gtx", "gtd");

    public static readonly WireNames SelfTradePrevention = new("expire_maker", "expire_taker", "expire_both");

    public static readonly WireNames PositionSides = new("both", "long", "short");

    /// <summary>0: last, 1: mark.</summary>
    public static readonly WireNames WorkingTypes = new("last", "mark");

    public static readonly WireNames Statuses = new(null, "new", "waiting", "partially_filled", "filled", "canceled", "expired");

    public static readonly WireNames EndReasons = new(
        null, "user", "countdown", "amend", "liquidation", "adl", "risk", "outbox", "frozen", "delisted", null, null, null, null, null, null,
        "ioc", "market", "gtd", "stp", "reduce_only", "post_only", "bankruptcy");
}
