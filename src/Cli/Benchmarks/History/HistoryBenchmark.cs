using System.Diagnostics;
using System.Globalization;
using System.Text;
using Exchange.Core.MarketData;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Storage.Postgres;
using Exchange.Storage.Postgres.History;
using Npgsql;
using NpgsqlTypes;

namespace Exchange.Cli.Benchmarks.History;

/// <summary>Writes trades as the history's writer does, reads candles as the API does.</summary>
internal sealed class HistoryBenchmark(string connectionString)
{
    private const int RowsPerTurn = 200_000;
    private const int RowsPerBatch = 10_000;
    private const int Asked = 500;
    private const int Queries = 2_000;
    private const ulong Journal = 1;
    private const long BeginMs = 1_767_225_600_000;   // 2026-01-01
    private const long LateMs = 1_790_000_000_000;    // Behind what was filled.

    public string ConnectionString => connectionString;

    public string Fill { get; init; } = "";

    public int Rows { get; init; }

    public bool Inserts { get; init; }

    public bool Reads { get; init; }

    public string? Plans { get; init; }

    public int Rounds { get; init; }

    public async Task<HistoryReport> Run(CancellationToken cancellation)
    {
        if (Fill.Length > 0)
            await FillTable(cancellation);
        InsertFigures? inserts = Inserts ? Insert() : null;
        ReadFigures? reads = Reads ? await Read(cancellation) : null;
        if (Plans is not null)
            await File.WriteAllTextAsync(Plans, await Explain(cancellation), cancellation);
        return new HistoryReport(inserts, reads);
    }

    private async Task FillTable(CancellationToken cancellation)
    {
        await Execute("SELECT history.add_partitions('2026-01-01', '2027-01-31')", cancellation);
        await Execute(HistoryFill.Statement(Fill), cancellation, new NpgsqlParameter<long> { TypedValue = Rows });
        await Execute($"VACUUM (ANALYZE) history.{Fill}", cancellation);   // As its daemon does behind a writer.
    }

    private InsertFigures Insert()
    {
        using HistorySession session = HistorySession.Open(new HistoryDatabaseOptions(connectionString), Journal, new HistoryFigures());
        using NpgsqlConnection bare = new(ConnectionSettings.Read(connectionString).ConnectionString);
        bare.Open();
        using (var table = new NpgsqlCommand("DROP TABLE IF EXISTS bench_trades; CREATE TABLE bench_trades (LIKE history.trades); ALTER TABLE bench_trades ADD PRIMARY KEY (symbol, trade_id)", bare))
            table.ExecuteNonQuery();
        List<double> own = [], alone = [];
        ulong first = session.Position.Sequence + 1;
        for (int round = 0; round < Rounds; round++, first += RowsPerTurn)
        {
            FeedEvent[] trades = Trades(first);
            long began = Stopwatch.GetTimestamp();
            CopyBare(bare, trades);
            alone.Add(RowsPerTurn / Stopwatch.GetElapsedTime(began).TotalSeconds);
            began = Stopwatch.GetTimestamp();
            for (int at = 0; at < trades.Length; at += RowsPerBatch)
            {
                var batch = new HistoryBatch();
                batch.Trades.AddRange(trades.AsSpan(at, RowsPerBatch));
                session.Write(batch, first + (ulong)(at + RowsPerBatch) - 1, trades[at + RowsPerBatch - 1].TimeMs);
            }

            own.Add(RowsPerTurn / Stopwatch.GetElapsedTime(began).TotalSeconds);
        }

        return new InsertFigures(Medians.Of(own), Medians.Of(alone));
    }

    private static FeedEvent[] Trades(ulong first)
    {
        var trades = new FeedEvent[RowsPerTurn];
        for (int i = 0; i < trades.Length; i++)
        {
            ulong number = first + (ulong)i;
            trades[i] = new FeedEvent
            {
                Kind = FeedKind.Trade, Symbol = 1_000 + (int)(number % HistoryFill.Symbols), Id = number, TimeMs = LateMs + (long)number, PriceTicks = 500_000 + i % 1_000,
                Lots = 1 + i % 9, Side = (Side)(i % 2),
            };
        }

        return trades;
    }

    /// <summary>What Npgsql and the database give at best: all rows in one COPY, committed once.</summary>
    private static void CopyBare(NpgsqlConnection connection, FeedEvent[] trades)
    {
        using NpgsqlBinaryImporter copy = connection.BeginBinaryImport("COPY bench_trades FROM STDIN (FORMAT binary)");
        foreach (FeedEvent trade in trades)
        {
            copy.StartRow();
            copy.Write(trade.Symbol, NpgsqlDbType.Integer);
            copy.Write((long)trade.Id, NpgsqlDbType.Bigint);
            copy.Write(DateTime.UnixEpoch.AddMilliseconds(trade.TimeMs), NpgsqlDbType.TimestampTz);
            copy.Write(trade.PriceTicks, NpgsqlDbType.Bigint);
            copy.Write(trade.Lots, NpgsqlDbType.Bigint);
            copy.Write((short)trade.Side, NpgsqlDbType.Smallint);
            copy.Write(value: false, NpgsqlDbType.Boolean);
        }

        copy.Complete();
    }

    private async Task<ReadFigures> Read(CancellationToken cancellation)
    {
        using var reader = new HistoryReader(new HistoryDatabaseOptions(connectionString), TimeProvider.System);
        long rows = (long)(await Scalar("SELECT count(*) FROM history.candles", cancellation))!;
        long lastMs = BeginMs + (rows / HistoryFill.Symbols - 1) * 60_000;
        var database = new LatencyHistogram();
        var random = new Random(1);
        for (int i = 0; i < Queries; i++)
        {
            long began = Stopwatch.GetTimestamp();
            HistoryRows<Candle> found = await Last(reader, random.Next(HistoryFill.Symbols), lastMs, cancellation);
            if (found.Items.Length != Asked)
                throw new IOException($"{found.Items.Length} candles were found instead of {Asked}: fill the table first.");
            if (i >= Queries / 10)   // before, connections open and statements are prepared
                database.Add(Stopwatch.GetTimestamp() - began);
        }

        LatencyHistogram memory = ReadMemory();
        return new ReadFigures(
            database.QuantileUs(0.5) / 1_000, database.QuantileUs(0.99) / 1_000, memory.QuantileUs(0.5) / 1_000, memory.QuantileUs(0.99) / 1_000, rows);
    }

    /// <summary>As the API does it: the candles, and the one whose close those without trades show.</summary>
    private static async Task<HistoryRows<Candle>> Last(HistoryReader reader, int symbol, long lastMs, CancellationToken cancellation)
    {
        long fromMs = CandleInterval.OneMinute.EarlierOpenTimeMs(lastMs, Asked - 1);
        HistoryRows<Candle> rows = await reader.Candles(symbol, CandlePrice.Trade, CandleInterval.OneMinute, fromMs, lastMs, Asked, cancellation);
        await reader.CandleBefore(symbol, CandlePrice.Trade, CandleInterval.OneMinute, fromMs, cancellation);
        return rows;
    }

    private static LatencyHistogram ReadMemory()
    {
        var candles = new Candles(unitE8: 1);
        for (int minute = 0; minute < 1_500; minute++)
            candles.Trade(BeginMs + minute * 60_000L, 500_000 + minute, 3, Side.Buy);
        var memory = new LatencyHistogram();
        var into = new Candle[Asked];
        for (int i = 0; i < Queries; i++)
        {
            long began = Stopwatch.GetTimestamp();
            candles.ReadLatest(CandleInterval.OneMinute, into);
            if (i >= Queries / 10)
                memory.Add(Stopwatch.GetTimestamp() - began);
        }

        return memory;
    }

    private async Task<string> Explain(CancellationToken cancellation)
    {
        List<SlowQuery> plans = [];
        using var reader = new HistoryReader(new HistoryDatabaseOptions(connectionString) { SlowQueryMs = -1, ExplainEveryMs = 0 }, TimeProvider.System)
        {
            Slow = plans.Add,
        };
        for (int round = 0; round < 4; round++)   // The first ones find nothing in the cache.
        {
            plans.Clear();
            await AskEverything(reader, cancellation);
        }

        var text = new StringBuilder();
        foreach (SlowQuery plan in plans)
            text.Append(CultureInfo.InvariantCulture, $"\n## {plan.Query.Name}\n\n```sql\n{plan.Query.Text}\n```\n\n```\n{plan.Plan}\n```\n");
        return text.ToString();
    }

    private static async Task AskEverything(HistoryReader reader, CancellationToken cancellation)
    {
        const int Symbol = 42;
        const uint Account = 4_242;
        const int Page = 101;
        const long MiddleMs = BeginMs + 60L * 24 * 3_600_000;
        await reader.Trades(Symbol, 60_000, Page, cancellation);
        await reader.Candles(Symbol, CandlePrice.Trade, CandleInterval.OneMinute, MiddleMs, MiddleMs + 499 * 60_000, Asked, cancellation);
        await reader.CandleBefore(Symbol, CandlePrice.Trade, CandleInterval.OneMinute, MiddleMs, cancellation);
        await reader.Funding(Symbol, (ulong)MiddleMs, Page, cancellation);
        await reader.Fills(Account, -1, 6_000_000, Page, cancellation);
        await reader.Fills(Account, 7, ulong.MaxValue, Page, cancellation);
        await reader.Ledger(Account, -1, 600, Page, cancellation);
        await reader.Ledger(Account, 7, ulong.MaxValue, Page, cancellation);
        await reader.Orders(Account, -1, 6_000_000, Page, cancellation);
        await reader.Orders(Account, 7, ulong.MaxValue, Page, cancellation);
        await reader.Order(Account, 5_004_242, cancellation);
        await reader.Order(Account, -1, "c-5004242", cancellation);
        await reader.Order(Account, 7, "c-5004242", cancellation);
    }

    private async Task<object?> Scalar(string statement, CancellationToken cancellation)
    {
        await using var connection = new NpgsqlConnection(ConnectionSettings.Read(connectionString).ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
        return await command.ExecuteScalarAsync(cancellation);
    }

    private async Task Execute(string statement, CancellationToken cancellation, params NpgsqlParameter[] parameters)
    {
        await using var connection = new NpgsqlConnection(ConnectionSettings.Read(connectionString).ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = 0 };
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancellation);
    }
}
