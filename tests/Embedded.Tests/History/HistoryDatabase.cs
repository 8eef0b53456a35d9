using Exchange.Storage.Postgres;
using Exchange.Storage.Postgres.History;
using Npgsql;

namespace Exchange.Embedded.Tests.History;

/// <summary>A database to keep history in, and what is in it.</summary>
internal sealed class HistoryDatabase
{
    private static readonly Dictionary<string, string> Lines = new()
    {
        ["trades"] = "symbol, trade_id, ms(time), price_ticks, lots, taker_side, is_liquidation::int",
        ["marks"] = "symbol, ms(time), sequence, mark_ticks, index_e8, funding_rate_e8",
        ["funding"] = "symbol, ms(time), rate_e8, mark_ticks",
        ["order_events"] = "account, order_id, symbol, sequence, ms(time), status, reason, price_ticks, lots, filled_lots",
        ["fills"] = "account, symbol, trade_id, order_id, side, position_side, flags, price_ticks, lots, fee_e8, realised_e8, ms(time), sequence",
        ["ledger"] = "account, number, symbol, position_side, is_isolated::int, cause, trade_id, amount_e8, balance_e8, ms(time), sequence",
        ["orders"] = """
            account, order_id, symbol, '[' || client_id || ']', side, type, time_in_force, self_trade_prevention, position_side, flags, price_ticks, stop_ticks,
            activation_ticks, callback_rate_e8, good_till_ms, lots, filled_lots, filled_notional_e8, status, reason, ms(created), ms(time)
            """,
        ["candles"] = """
            symbol, price, length, ms(open_time), open_ticks, high_ticks, low_ticks, close_ticks, lots,
            (SELECT quote_e8 / unit_e8 FROM history.instruments i WHERE i.symbol = candles.symbol)::bigint, taker_buy_lots, trades
            """,
    };

    private HistoryDatabase(string connectionString) => ConnectionString = connectionString;

    public string ConnectionString { get; }

    public static async Task<HistoryDatabase> Create(TemporaryPostgres server)
    {
        var database = new HistoryDatabase(server.CreateDatabase());
        await PostgresMigrations.Apply(database.ConnectionString, CancellationToken.None);
        await database.Sql("CREATE FUNCTION ms(timestamptz) RETURNS bigint LANGUAGE sql IMMUTABLE AS 'SELECT (extract(epoch FROM $1) * 1000)::bigint'");
        return database;
    }

    /// <param name="proxy">Through which it is reached; null: directly.</param>
    public HistoryDatabaseOptions Options(TcpProxy? proxy = null) =>
        new(proxy is null ? ConnectionString : TemporaryPostgres.Through(proxy.Port, ConnectionString)) { LastRetryMs = 100 };

    public async Task<object?> Sql(string statement)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Every table holds what the journal says, nothing less and nothing twice.</summary>
    public async Task Holds(JournalRows journal)
    {
        foreach ((string table, List<string> rows) in journal.Tables)
            Assert.Equal(rows, await Rows(table));
    }

    private async Task<List<string>> Rows(string table)
    {
        await using var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"SELECT concat_ws(' ', {Lines[table]}) FROM history.{table}", connection);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
        List<string> rows = [];
        while (await row.ReadAsync())
            rows.Add(row.GetString(0));
        rows.Sort(StringComparer.Ordinal);
        return rows;
    }
}
