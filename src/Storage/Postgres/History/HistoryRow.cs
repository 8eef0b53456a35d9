using System.Numerics;
using Exchange.Core.MarketData;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Npgsql;

namespace Exchange.Storage.Postgres.History;

/// <summary>Makes views of rows; the columns are those of <see cref="HistoryQuery"/>, in their order.</summary>
internal static class HistoryRow
{
    /// <summary>No time is later, Unix ms.</summary>
    public const long LatestMs = 253_402_300_799_999;

    public static TradeView Trade(NpgsqlDataReader row) =>
        new((ulong)row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), (Side)row.GetInt16(3), row.GetBoolean(4), Ms(row, 5));

    public static FundingView Funding(NpgsqlDataReader row) => new(Ms(row, 0), row.GetInt64(1), row.GetInt64(2));

    public static Candle Candle(NpgsqlDataReader row) => new()
    {
        OpenTimeMs = Ms(row, 0),
        OpenTicks = row.GetInt64(1),
        HighTicks = row.GetInt64(2),
        LowTicks = row.GetInt64(3),
        CloseTicks = row.GetInt64(4),
        Lots = Sum(row, 5),
        QuoteE8 = Sum(row, 6),
        TakerBuyLots = Sum(row, 7),
        Trades = row.GetInt64(8),
    };

    public static FillRow Fill(NpgsqlDataReader row, uint account)
    {
        var flags = (FeedFlags)row.GetInt16(6);
        var fill = new FillView(
            (ulong)row.GetInt64(2), (ulong)row.GetInt64(3), account, row.GetInt32(1), (Side)row.GetInt16(4), (PositionSide)row.GetInt16(5), row.GetInt64(7),
            row.GetInt64(8), row.GetInt64(9), row.GetInt64(10), flags.HasFlag(FeedFlags.Maker), flags.HasFlag(FeedFlags.Liquidation), flags.HasFlag(FeedFlags.Adl),
            Ms(row, 11), (ulong)row.GetInt64(12), flags.HasFlag(FeedFlags.Settlement));
        return new FillRow((ulong)row.GetInt64(0), fill);
    }

    public static MovementView Movement(NpgsqlDataReader row, uint account) => new(
        (ulong)row.GetInt64(0), account, row.GetInt32(1), (PositionSide)row.GetInt16(2), row.GetBoolean(3), (BalanceCause)row.GetInt16(4), (ulong)row.GetInt64(5),
        row.GetInt64(6), row.GetInt64(7), Ms(row, 8), (ulong)row.GetInt64(9));

    public static OrderView Order(NpgsqlDataReader row, uint account) => new(
        (ulong)row.GetInt64(0), account, row.GetInt32(1), row.GetString(2), (Side)row.GetInt16(3), (OrderType)row.GetInt16(4), (TimeInForce)row.GetInt16(5),
        (SelfTradePrevention)row.GetInt16(6), (PositionSide)row.GetInt16(7), (OrderFlags)row.GetInt32(8), row.GetInt64(9), row.GetInt64(10), row.GetInt64(11),
        row.GetInt32(12), row.GetInt64(13), row.GetInt64(14), row.GetInt64(15), Sum(row, 16), (OrderStatus)row.GetInt16(17), (EndReason)row.GetInt16(18),
        Ms(row, 19), Ms(row, 20));

    public static long Ms(NpgsqlDataReader row, int column) => (row.GetDateTime(column) - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMillisecond;

    private static Int128 Sum(NpgsqlDataReader row, int column) => (Int128)row.GetFieldValue<BigInteger>(column);
}
