using Exchange.Storage.Postgres.History;

namespace Exchange.Embedded.History;

/// <summary>Where history is kept, and for how long.</summary>
public sealed class HistoryOptions
{
    public required HistoryDatabaseOptions Database { get; init; }

    /// <summary>
    /// Journal files may take so much while the database is away, bytes. Beyond it those that only history still needs are let go, and
    /// what was in them is missing in the history.
    /// </summary>
    public long KeptJournalBytes { get; init; } = 64L << 30;

    /// <summary>How long trades and mark prices are kept; everything else is for ever.</summary>
    public int TradesKeptDays { get; init; } = 365;

    /// <summary>At an orderly stop so long is spent on writing what is left, if the database takes it, in ms.</summary>
    public int StopTimeoutMs { get; init; } = 10_000;

    /// <summary>Between two batches, where there is no more to write at once, in ms.</summary>
    public int PauseMs { get; init; } = 50;

    /// <summary>False in tests only: where all processors are busy its turn may come late.</summary>
    internal bool WaitsForOthers { get; init; } = true;
}
