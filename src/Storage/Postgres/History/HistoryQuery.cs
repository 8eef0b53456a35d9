namespace Exchange.Storage.Postgres.History;

/// <summary>A query that the API makes, as it is sent.</summary>
/// <param name="Name">As metrics and logs call it.</param>
/// <param name="Text">Without its limit, which is written behind it: the planner shall know it.</param>
public sealed record HistoryQuery(string Name, string Text)
{
    public static readonly HistoryQuery Position = new("position", "SELECT sequence, time FROM history.position");

    public static readonly HistoryQuery Trades = new("trades", """
        SELECT trade_id, price_ticks, lots, taker_side, is_liquidation, time FROM history.trades
        WHERE symbol = $1 AND trade_id < $2 ORDER BY trade_id DESC
        """);

    public static readonly HistoryQuery Funding = new("funding", """
        SELECT time, rate_e8, mark_ticks FROM history.funding WHERE symbol = $1 AND time < $2 ORDER BY time DESC
        """);

    private const string Candle = """
        SELECT open_time, open_ticks, high_ticks, low_ticks, close_ticks, lots, quote_e8, taker_buy_lots, trades FROM history.candles
        WHERE symbol = $1 AND price = $2 AND length = $3
        """;

    public static readonly HistoryQuery Candles = new("candles", Candle + " AND open_time >= $4 AND open_time <= $5 ORDER BY open_time");

    /// <summary>The one whose close those without trades behind it show.</summary>
    public static readonly HistoryQuery CandleBefore = new("candle_before", Candle + " AND open_time < $4 ORDER BY open_time DESC");

    private const string Fill = """
        SELECT number, symbol, trade_id, order_id, side, position_side, flags, price_ticks, lots, fee_e8, realised_e8, time, sequence FROM history.fills
        WHERE account = $1 AND number < $2
        """;

    public static readonly HistoryQuery Fills = new("fills", Fill + " ORDER BY number DESC");

    public static readonly HistoryQuery FillsOfSymbol = new("fills_of_symbol", Fill + " AND symbol = $3 ORDER BY number DESC");

    private const string Movement = """
        SELECT number, symbol, position_side, is_isolated, cause, trade_id, amount_e8, balance_e8, time, sequence FROM history.ledger
        WHERE account = $1 AND number < $2
        """;

    public static readonly HistoryQuery Ledger = new("ledger", Movement + " ORDER BY number DESC");

    public static readonly HistoryQuery LedgerOfSymbol = new("ledger_of_symbol", Movement + " AND symbol = $3 ORDER BY number DESC");

    private const string Order = """
        SELECT order_id, symbol, client_id, side, type, time_in_force, self_trade_prevention, position_side, flags, price_ticks, stop_ticks, activation_ticks,
            callback_rate_e8, good_till_ms, lots, filled_lots, filled_notional_e8, status, reason, created, time FROM history.orders
        WHERE account = $1
        """;

    public static readonly HistoryQuery Orders = new("orders", Order + " AND order_id < $2 ORDER BY order_id DESC");

    public static readonly HistoryQuery OrdersOfSymbol = new("orders_of_symbol", Order + " AND order_id < $2 AND symbol = $3 ORDER BY order_id DESC");

    public static readonly HistoryQuery OrderById = new("order", Order + " AND order_id = $2");

    public static readonly HistoryQuery OrderByClientId = new("order_by_client_id", Order + " AND client_id = $2 AND client_id <> '' ORDER BY order_id DESC");

    public static readonly HistoryQuery OrderOfSymbolByClientId =
        new("order_of_symbol_by_client_id", Order + " AND client_id = $2 AND client_id <> '' AND symbol = $3 ORDER BY order_id DESC");
}
