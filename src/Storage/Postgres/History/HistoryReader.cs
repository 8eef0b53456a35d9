using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Exchange.Core.MarketData;
using Exchange.Core.Port;
using Npgsql;
using NpgsqlTypes;

namespace Exchange.Storage.Postgres.History;

/// <summary>Asks the history what is further back than memory reaches: pages by number, never by offset. Any thread may.</summary>
/// <remarks>
/// Each answer says how far the database was when it was asked, first and in the same round trip: of a copy that lags behind, too.
/// </remarks>
public sealed class HistoryReader : IDisposable
{
    private readonly NpgsqlDataSource _database;
    private readonly HistoryDatabaseOptions _options;
    private readonly TimeProvider _time;
    private long _explainedAt;

    public HistoryReader(HistoryDatabaseOptions options, TimeProvider time)
    {
        _options = options;
        _time = time;
        _explainedAt = time.GetTimestamp() - time.TimestampFrequency * options.ExplainEveryMs / 1_000;
        _database = options.OpenReaders();
    }

    /// <summary>Told of queries that took longer than the setting, with their plans.</summary>
    public Action<SlowQuery>? Slow { get; set; }

    /// <summary>Told of each query what it took, in ms.</summary>
    public Action<HistoryQuery, double>? Measured { get; set; }

    /// <summary>Public trades with ids below one, newest first.</summary>
    public ValueTask<HistoryRows<TradeView>> Trades(int symbol, ulong before, int limit, CancellationToken cancellation) =>
        Read(HistoryQuery.Trades, limit, HistoryRow.Trade, cancellation, Symbol(symbol), Below(before));

    /// <summary>Funding rounds before one, newest first.</summary>
    public ValueTask<HistoryRows<FundingView>> Funding(int symbol, ulong beforeMs, int limit, CancellationToken cancellation) =>
        Read(HistoryQuery.Funding, limit, HistoryRow.Funding, cancellation, Symbol(symbol), Time((long)Math.Min(beforeMs, (ulong)HistoryRow.LatestMs)));

    /// <summary>Candles with trades that open between two times and are over, oldest first.</summary>
    public ValueTask<HistoryRows<Candle>> Candles(
        int symbol, CandlePrice of, CandleInterval interval, long fromMs, long toMs, int limit, CancellationToken cancellation) =>
        Read(HistoryQuery.Candles, limit, HistoryRow.Candle, cancellation, [.. Series(symbol, of, interval), Time(fromMs), Time(toMs)]);

    /// <summary>The last candle with trades that opened before a time.</summary>
    public ValueTask<HistoryRows<Candle>> CandleBefore(int symbol, CandlePrice of, CandleInterval interval, long fromMs, CancellationToken cancellation) =>
        Read(HistoryQuery.CandleBefore, 1, HistoryRow.Candle, cancellation, [.. Series(symbol, of, interval), Time(fromMs)]);

    /// <summary>Fills of an account below a number, newest first; a <paramref name="symbol"/> below 0 is any.</summary>
    public ValueTask<HistoryRows<FillRow>> Fills(uint account, int symbol, ulong before, int limit, CancellationToken cancellation) => symbol < 0
        ? Read(HistoryQuery.Fills, limit, row => HistoryRow.Fill(row, account), cancellation, Account(account), Below(before))
        : Read(HistoryQuery.FillsOfSymbol, limit, row => HistoryRow.Fill(row, account), cancellation, Account(account), Below(before), Symbol(symbol));

    /// <summary>Movements of an account below a number, newest first; a <paramref name="symbol"/> below 0 is any.</summary>
    public ValueTask<HistoryRows<MovementView>> Ledger(uint account, int symbol, ulong before, int limit, CancellationToken cancellation) => symbol < 0
        ? Read(HistoryQuery.Ledger, limit, row => HistoryRow.Movement(row, account), cancellation, Account(account), Below(before))
        : Read(HistoryQuery.LedgerOfSymbol, limit, row => HistoryRow.Movement(row, account), cancellation, Account(account), Below(before), Symbol(symbol));

    /// <summary>Orders of an account that are over, below an id, newest first; a <paramref name="symbol"/> below 0 is any.</summary>
    public ValueTask<HistoryRows<OrderView>> Orders(uint account, int symbol, ulong before, int limit, CancellationToken cancellation) => symbol < 0
        ? Read(HistoryQuery.Orders, limit, row => HistoryRow.Order(row, account), cancellation, Account(account), Below(before))
        : Read(HistoryQuery.OrdersOfSymbol, limit, row => HistoryRow.Order(row, account), cancellation, Account(account), Below(before), Symbol(symbol));

    public ValueTask<HistoryRows<OrderView>> Order(uint account, ulong orderId, CancellationToken cancellation) =>
        Read(HistoryQuery.OrderById, 1, row => HistoryRow.Order(row, account), cancellation, Account(account), Below(orderId));

    /// <summary>The newest one with a client id; a <paramref name="symbol"/> below 0 is any.</summary>
    public ValueTask<HistoryRows<OrderView>> Order(uint account, int symbol, string clientId, CancellationToken cancellation) => symbol < 0
        ? Read(HistoryQuery.OrderByClientId, 1, row => HistoryRow.Order(row, account), cancellation, Account(account), Text(clientId))
        : Read(HistoryQuery.OrderOfSymbolByClientId, 1, row => HistoryRow.Order(row, account), cancellation, Account(account), Text(clientId), Symbol(symbol));

    public void Dispose() => _database.Dispose();

    private async ValueTask<HistoryRows<T>> Read<T>(
        HistoryQuery query, int limit, Func<NpgsqlDataReader, T> show, CancellationToken cancellation, params NpgsqlParameter[] parameters)
    {
        long started = _time.GetTimestamp();
        string text = string.Create(CultureInfo.InvariantCulture, $"{query.Text} LIMIT {limit}");
        try
        {
            await using NpgsqlConnection connection = await _database.OpenConnectionAsync(cancellation);
            HistoryRows<T> rows = await Read(connection, text, parameters, show, cancellation);
            double tookMs = _time.GetElapsedTime(started).TotalMilliseconds;
            Measured?.Invoke(query, tookMs);
            if (tookMs > _options.SlowQueryMs && Slow is { } tell)
                await Explain(connection, query, tookMs, text, parameters, tell, cancellation);
            return rows;
        }
        catch (Exception failure) when (DatabaseFaults.IsOfDatabase(failure) || failure is InvalidOperationException)
        {
            throw new HistoryUnavailableException(failure);
        }
    }

    private static async ValueTask<HistoryRows<T>> Read<T>(
        NpgsqlConnection connection, string text, NpgsqlParameter[] parameters, Func<NpgsqlDataReader, T> show, CancellationToken cancellation)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(HistoryQuery.Position.Text));
        var command = new NpgsqlBatchCommand(text);
        command.Parameters.AddRange(parameters);
        batch.BatchCommands.Add(command);
        await using NpgsqlDataReader row = await batch.ExecuteReaderAsync(cancellation);
        await row.ReadAsync(cancellation);
        var at = new HistoryPosition((ulong)row.GetInt64(0), HistoryRow.Ms(row, 1), IsNew: false);
        await row.NextResultAsync(cancellation);
        List<T> items = [];
        while (await row.ReadAsync(cancellation))
            items.Add(show(row));
        return new HistoryRows<T>([.. items], at);
    }

    [SuppressMessage("Security", "CA2100", Justification = "One of our own queries.")]
    private async ValueTask Explain(
        NpgsqlConnection connection, HistoryQuery query, double tookMs, string text, NpgsqlParameter[] parameters, Action<SlowQuery> tell, CancellationToken cancellation)
    {
        long last = Interlocked.Read(ref _explainedAt);
        if (_time.GetElapsedTime(last).TotalMilliseconds < _options.ExplainEveryMs || Interlocked.CompareExchange(ref _explainedAt, _time.GetTimestamp(), last) != last)
            return;
        await using var command = new NpgsqlCommand("EXPLAIN (ANALYZE, BUFFERS) " + text, connection);
        foreach (NpgsqlParameter parameter in parameters)
            command.Parameters.Add(parameter.Clone());
        var lines = new List<string>();
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellation);
        while (await row.ReadAsync(cancellation))
            lines.Add(row.GetString(0));
        tell(new SlowQuery(query, tookMs, string.Join('\n', lines)));
    }

    private static NpgsqlParameter[] Series(int symbol, CandlePrice of, CandleInterval interval) =>
        [Symbol(symbol), new NpgsqlParameter<short> { TypedValue = (short)of }, new NpgsqlParameter<short> { TypedValue = (short)interval }];

    private static NpgsqlParameter Symbol(int symbol) => new NpgsqlParameter<int> { TypedValue = symbol };

    private static NpgsqlParameter Account(uint account) => new NpgsqlParameter<long> { TypedValue = account };

    /// <summary>A cursor; one that no row can have is above all of them.</summary>
    private static NpgsqlParameter Below(ulong number) => new NpgsqlParameter<long> { TypedValue = (long)Math.Min(number, long.MaxValue) };

    private static NpgsqlParameter Text(string text) => new NpgsqlParameter<string> { TypedValue = text };

    private static NpgsqlParameter Time(long unixMs) => new NpgsqlParameter<DateTime>
    {
        TypedValue = HistoryTable.Time(Math.Clamp(unixMs, 0, HistoryRow.LatestMs)), NpgsqlDbType = NpgsqlDbType.TimestampTz,
    };
}

/// <summary>A query that took long.</summary>
/// <param name="Plan">Of the same query once more, with what each step took; lines.</param>
public sealed record SlowQuery(HistoryQuery Query, double TookMs, string Plan)
{
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"History query {Query.Name} took {TookMs:0.0} ms; once more, with its plan:\n{Plan}");
}

/// <summary>Rows, and how far the database was before they were read: everything up to there was in it.</summary>
public sealed record HistoryRows<T>(T[] Items, HistoryPosition At);
