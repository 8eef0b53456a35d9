using Exchange.Core.Instruments;
using Exchange.Core.Port;
using Npgsql;
using NpgsqlTypes;

namespace Exchange.Storage.Postgres.History;

/// <summary>How rows of each table go over a binary COPY; the columns are those of the schema's step 6.</summary>
internal static class HistoryTable
{
    public const string Trades = "COPY history.trades (symbol, trade_id, time, price_ticks, lots, taker_side, is_liquidation) FROM STDIN (FORMAT binary)";

    public const string Marks = "COPY history.marks (symbol, time, sequence, mark_ticks, index_e8, funding_rate_e8) FROM STDIN (FORMAT binary)";

    public const string Fundings = "COPY history.funding (symbol, time, rate_e8, mark_ticks) FROM STDIN (FORMAT binary)";

    public const string OrderEvents = """
        COPY history.order_events (account, order_id, symbol, sequence, time, status, reason, price_ticks, lots, filled_lots)
        FROM STDIN (FORMAT binary)
        """;

    public const string Candles = """
        COPY history.candles (symbol, price, length, open_time, open_ticks, high_ticks, low_ticks, close_ticks, lots, quote_e8, taker_buy_lots, trades)
        FROM STDIN (FORMAT binary)
        """;

    public const string Fills = """
        COPY history.fills (account, number, symbol, trade_id, order_id, side, position_side, flags, price_ticks, lots, fee_e8, realised_e8, time, sequence)
        FROM STDIN (FORMAT binary)
        """;

    public const string Ledger = """
        COPY history.ledger (account, number, symbol, position_side, is_isolated, cause, trade_id, amount_e8, balance_e8, time, sequence)
        FROM STDIN (FORMAT binary)
        """;

    public const string Orders = """
        COPY history.orders (account, order_id, symbol, client_id, side, type, time_in_force, self_trade_prevention, position_side, flags,
            price_ticks, stop_ticks, activation_ticks, callback_rate_e8, good_till_ms, lots, filled_lots, filled_notional_e8, status, reason, created, time)
        FROM STDIN (FORMAT binary)
        """;

    public const string Instrument = """
        INSERT INTO history.instruments (symbol, name, tick_e8, lot_e8, unit_e8) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (symbol) DO UPDATE SET name = excluded.name, tick_e8 = excluded.tick_e8, lot_e8 = excluded.lot_e8, unit_e8 = excluded.unit_e8
        """;

    public static void WriteTrade(NpgsqlBinaryImporter row, in FeedEvent trade)
    {
        row.Write(trade.Symbol, NpgsqlDbType.Integer);
        row.Write((long)trade.Id, NpgsqlDbType.Bigint);
        row.Write(Time(trade.TimeMs), NpgsqlDbType.TimestampTz);
        row.Write(trade.PriceTicks, NpgsqlDbType.Bigint);
        row.Write(trade.Lots, NpgsqlDbType.Bigint);
        row.Write((short)trade.Side, NpgsqlDbType.Smallint);
        row.Write(trade.Has(FeedFlags.Liquidation), NpgsqlDbType.Boolean);
    }

    public static void WriteMark(NpgsqlBinaryImporter row, in FeedEvent mark)
    {
        row.Write(mark.Symbol, NpgsqlDbType.Integer);
        row.Write(Time(mark.TimeMs), NpgsqlDbType.TimestampTz);
        row.Write((long)mark.Sequence, NpgsqlDbType.Bigint);
        row.Write(mark.PriceTicks, NpgsqlDbType.Bigint);
        row.Write(mark.Amount, NpgsqlDbType.Bigint);
        row.Write(mark.Other, NpgsqlDbType.Bigint);
    }

    public static void WriteFunding(NpgsqlBinaryImporter row, in FeedEvent round)
    {
        row.Write(round.Symbol, NpgsqlDbType.Integer);
        row.Write(Time((long)round.Id), NpgsqlDbType.TimestampTz);
        row.Write(round.Amount, NpgsqlDbType.Bigint);
        row.Write(round.PriceTicks, NpgsqlDbType.Bigint);
    }

    public static void WriteOrderEvent(NpgsqlBinaryImporter row, in FeedEvent e)
    {
        bool isAccepted = e.Kind == FeedKind.OrderAccepted;
        row.Write((long)e.Account, NpgsqlDbType.Bigint);
        row.Write((long)e.Id, NpgsqlDbType.Bigint);
        row.Write(e.Symbol, NpgsqlDbType.Integer);
        row.Write((long)e.Sequence, NpgsqlDbType.Bigint);
        row.Write(Time(e.TimeMs), NpgsqlDbType.TimestampTz);
        row.Write((short)e.Status, NpgsqlDbType.Smallint);
        row.Write(isAccepted ? (short)0 : e.Reason, NpgsqlDbType.Smallint);
        row.Write(e.PriceTicks, NpgsqlDbType.Bigint);
        row.Write(e.Lots, NpgsqlDbType.Bigint);
        row.Write(isAccepted ? 0L : e.Other, NpgsqlDbType.Bigint);
    }

    public static void WriteCandle(NpgsqlBinaryImporter row, in CandleRow of)
    {
        row.Write(of.Symbol, NpgsqlDbType.Integer);
        row.Write((short)of.Of, NpgsqlDbType.Smallint);
        row.Write((short)of.Interval, NpgsqlDbType.Smallint);
        row.Write(Time(of.Candle.OpenTimeMs), NpgsqlDbType.TimestampTz);
        row.Write(of.Candle.OpenTicks, NpgsqlDbType.Bigint);
        row.Write(of.Candle.HighTicks, NpgsqlDbType.Bigint);
        row.Write(of.Candle.LowTicks, NpgsqlDbType.Bigint);
        row.Write(of.Candle.CloseTicks, NpgsqlDbType.Bigint);
        WriteSum(row, of.Candle.Lots);
        WriteSum(row, of.Candle.QuoteE8);
        WriteSum(row, of.Candle.TakerBuyLots);
        row.Write(of.Candle.Trades, NpgsqlDbType.Bigint);
    }

    public static void WriteFill(NpgsqlBinaryImporter row, in FillRow of)
    {
        FillView fill = of.Fill;
        FeedFlags flags = (fill.IsMaker ? FeedFlags.Maker : 0) | (fill.IsLiquidation ? FeedFlags.Liquidation : 0)
            | (fill.IsAdl ? FeedFlags.Adl : 0) | (fill.IsSettlement ? FeedFlags.Settlement : 0);
        row.Write((long)fill.Account, NpgsqlDbType.Bigint);
        row.Write((long)of.Number, NpgsqlDbType.Bigint);
        row.Write(fill.Symbol, NpgsqlDbType.Integer);
        row.Write((long)fill.TradeId, NpgsqlDbType.Bigint);
        row.Write((long)fill.OrderId, NpgsqlDbType.Bigint);
        row.Write((short)fill.Side, NpgsqlDbType.Smallint);
        row.Write((short)fill.PositionSide, NpgsqlDbType.Smallint);
        row.Write((short)flags, NpgsqlDbType.Smallint);
        row.Write(fill.PriceTicks, NpgsqlDbType.Bigint);
        row.Write(fill.Lots, NpgsqlDbType.Bigint);
        row.Write(fill.FeeE8, NpgsqlDbType.Bigint);
        row.Write(fill.RealisedE8, NpgsqlDbType.Bigint);
        row.Write(Time(fill.TimeMs), NpgsqlDbType.TimestampTz);
        row.Write((long)fill.Sequence, NpgsqlDbType.Bigint);
    }

    public static void WriteMovement(NpgsqlBinaryImporter row, in MovementView movement)
    {
        row.Write((long)movement.Account, NpgsqlDbType.Bigint);
        row.Write((long)movement.Number, NpgsqlDbType.Bigint);
        row.Write(movement.Symbol, NpgsqlDbType.Integer);
        row.Write((short)movement.PositionSide, NpgsqlDbType.Smallint);
        row.Write(movement.IsIsolated, NpgsqlDbType.Boolean);
        row.Write((short)movement.Cause, NpgsqlDbType.Smallint);
        row.Write((long)movement.TradeId, NpgsqlDbType.Bigint);
        row.Write(movement.AmountE8, NpgsqlDbType.Bigint);
        row.Write(movement.BalanceE8, NpgsqlDbType.Bigint);
        row.Write(Time(movement.TimeMs), NpgsqlDbType.TimestampTz);
        row.Write((long)movement.Sequence, NpgsqlDbType.Bigint);
    }

    public static void WriteOrder(NpgsqlBinaryImporter row, in OrderView order)
    {
        row.Write((long)order.Account, NpgsqlDbType.Bigint);
        row.Write((long)order.OrderId, NpgsqlDbType.Bigint);
        row.Write(order.Symbol, NpgsqlDbType.Integer);
        row.Write(order.ClientOrderId, NpgsqlDbType.Text);
        row.Write((short)order.Side, NpgsqlDbType.Smallint);
        row.Write((short)order.Type, NpgsqlDbType.Smallint);
        row.Write((short)order.TimeInForce, NpgsqlDbType.Smallint);
        row.Write((short)order.Stp, NpgsqlDbType.Smallint);
        row.Write((short)order.PositionSide, NpgsqlDbType.Smallint);
        row.Write((int)order.Flags, NpgsqlDbType.Integer);
        row.Write(order.PriceTicks, NpgsqlDbType.Bigint);
        row.Write(order.StopTicks, NpgsqlDbType.Bigint);
        row.Write(order.ActivationTicks, NpgsqlDbType.Bigint);
        row.Write(order.CallbackRateE8, NpgsqlDbType.Integer);
        row.Write(order.GtdMs, NpgsqlDbType.Bigint);
        row.Write(order.TotalLots, NpgsqlDbType.Bigint);
        row.Write(order.FilledLots, NpgsqlDbType.Bigint);
        WriteSum(row, order.FilledNotionalE8);
        row.Write((short)order.Status, NpgsqlDbType.Smallint);
        row.Write((short)order.Reason, NpgsqlDbType.Smallint);
        row.Write(Time(order.CreatedMs), NpgsqlDbType.TimestampTz);
        row.Write(Time(order.UpdatedMs), NpgsqlDbType.TimestampTz);
    }

    public static NpgsqlParameter[] Parameters(Instrument instrument) =>
    [
        new NpgsqlParameter<int> { TypedValue = instrument.SymbolId },
        new NpgsqlParameter<string> { TypedValue = instrument.Symbol },
        new NpgsqlParameter<long> { TypedValue = instrument.TickE8 },
        new NpgsqlParameter<long> { TypedValue = instrument.LotE8 },
        new NpgsqlParameter<long> { TypedValue = instrument.UnitE8 },
    ];

    public static DateTime Time(long unixMs) => DateTime.UnixEpoch.AddMilliseconds(unixMs);

    /// <summary>The usual sum fits a decimal, which costs a fraction of what 128 bits do.</summary>
    private static void WriteSum(NpgsqlBinaryImporter row, Int128 sum)
    {
        if (Int128.Abs(sum) < (Int128)1 << 95)
            row.Write((decimal)sum, NpgsqlDbType.Numeric);
        else
            row.Write((System.Numerics.BigInteger)sum, NpgsqlDbType.Numeric);
    }
}
