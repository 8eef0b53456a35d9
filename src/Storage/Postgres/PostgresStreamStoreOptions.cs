using System.Diagnostics.Metrics;

namespace Exchange.Storage.Postgres;

/// <summary>Where the streams are, and how they are written.</summary>
public sealed class PostgresStreamStoreOptions
{
    /// <summary>As Npgsql takes it. Several hosts need <c>Target Session Attributes=primary</c>; a proxy in between must not share sessions.</summary>
    public required string ConnectionString { get; init => field = ConnectionSettings.Read(value).ConnectionString; }

    /// <summary>Connections that append: one's commit waits for the disk while the next is sent.</summary>
    public int AppendConnections { get; init; } = 2;

    /// <summary>Connections that write states and logs, apart from those that append, for they wait for more bytes.</summary>
    public int StateConnections { get; init; } = 1;

    /// <summary>Streams in one transaction, at most.</summary>
    public int MaxStreamsPerTransaction { get; init; } = 256;

    /// <summary>Bytes in one transaction beyond which no further stream joins; a single append may be larger.</summary>
    public int MaxBytesPerTransaction { get; init; } = 1 << 20;

    /// <summary>How long a transaction may take before its outcome is given up as unknown and its connection is cut.</summary>
    public int TransactionTimeoutSeconds { get; init; } = 30;

    /// <summary>How long to wait before the next try while the database is away or takes no writes: doubles from the first to the second.</summary>
    public int FirstRetryMs { get; init; } = 20;

    public int LastRetryMs { get; init; } = 1_000;

    /// <summary>How often partitions are made ahead and trimmed ones dropped; 0: never by this store.</summary>
    public int UpkeepSeconds { get; init; } = 300;

    /// <summary>Where <c>database_query_latency_ms</c> and <c>database_ready</c> are told; null: nowhere.</summary>
    public Meter? Meter { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
