using Npgsql;

namespace Exchange.Storage.Postgres.History;

/// <summary>The database that history is kept in.</summary>
public sealed class HistoryDatabaseOptions
{
    private readonly NpgsqlConnectionStringBuilder _given;

    /// <param name="connectionString">As Npgsql takes it; of several hosts the primary is written to.</param>
    /// <exception cref="ArgumentException">It is not a connection string.</exception>
    public HistoryDatabaseOptions(string connectionString)
    {
        _given = ConnectionSettings.Read(connectionString);
    }

    /// <summary>Whether a writer that opens it brings its schema up.</summary>
    public bool Migrates { get; init; }

    /// <summary>Several hosts in the connection string: reads go to a standby while there is one.</summary>
    public bool ReadsFromStandby { get; init; }

    /// <summary>Queries that take longer are told with their plans, in ms.</summary>
    public int SlowQueryMs { get; init; } = 200;

    /// <summary>A plan costs as much as its query: one in so many ms at most.</summary>
    public int ExplainEveryMs { get; init; } = 10_000;

    /// <summary>How long one statement may take before the connection is given up, in seconds.</summary>
    public int TimeoutSeconds { get; init; } = 30;

    /// <summary>The same of a query.</summary>
    public int ReadTimeoutSeconds { get; init; } = 5;

    /// <summary>How long to wait before the next try while the database is away: doubles from the first to the second, in ms.</summary>
    public int FirstRetryMs { get; init; } = 50;

    public int LastRetryMs { get; init; } = 2_000;

    /// <summary>
    /// Durable, whatever the database's default is; and given up by the server, with the lock it may hold, soon after its client is gone.
    /// </summary>
    private const string SessionSettings =
        "-c synchronous_commit=on -c idle_in_transaction_session_timeout=60s -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=4";

    internal string WriterConnection
    {
        get
        {
            var settings = new NpgsqlConnectionStringBuilder(_given.ConnectionString)
            {
                Pooling = false,
                Options = $"{_given.Options} {SessionSettings}",
                ApplicationName = "exchange history writer",
                Timeout = 5,
                CommandTimeout = TimeoutSeconds,
                CancellationTimeout = -1,   // A transaction out of time is not waited for: its connection is cut.
                WriteBufferSize = 64 * 1_024,
            };
            if (_given.Host?.Contains(',', StringComparison.Ordinal) == true)
                settings.TargetSessionAttributes = "primary";
            return settings.ConnectionString;
        }
    }

    /// <summary>
    /// Pooled, statements prepared as they repeat. Every query is a walk along an index to its first rows: whatever the statistics say,
    /// nothing is to be sorted or read through.
    /// </summary>
    internal NpgsqlDataSource OpenReaders()
    {
        var settings = new NpgsqlConnectionStringBuilder(_given.ConnectionString)
        {
            Options = $"{_given.Options} -c default_transaction_read_only=on -c plan_cache_mode=force_generic_plan -c enable_seqscan=off -c enable_sort=off -c enable_bitmapscan=off",
            ApplicationName = "exchange history reader",
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 2,
            Timeout = 5,
            CommandTimeout = ReadTimeoutSeconds,
        };
        if (_given.Host?.Contains(',', StringComparison.Ordinal) != true)
            return NpgsqlDataSource.Create(settings);
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).BuildMultiHost()
            .WithTargetSession(ReadsFromStandby ? TargetSessionAttributes.PreferStandby : TargetSessionAttributes.PreferPrimary);
    }
}
