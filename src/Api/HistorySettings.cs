using Exchange.Embedded.History;
using Exchange.Storage.Postgres.History;

namespace Exchange.Api;

/// <summary>Section <c>History</c>: a database for everything that happened.</summary>
internal sealed class HistorySettings
{
    /// <summary>A connection as Npgsql takes it; none: history is what the views hold.</summary>
    public string? Database { get; set; }

    /// <summary>Brings the schema up first; with false `exchange migrate` must have.</summary>
    public bool Migrate { get; set; } = true;

    /// <summary>Journal that is kept for it while it is away, bytes; beyond it history has a gap.</summary>
    public long KeptJournalBytes { get; set; } = 64L << 30;

    /// <summary>How long trades and mark prices are kept.</summary>
    public int TradesKeptDays { get; set; } = 365;

    /// <summary>Whether reads go to a standby, where the connection names several hosts.</summary>
    public bool ReadFromStandby { get; set; }

    /// <summary>Queries that take longer are logged with their plans, in ms.</summary>
    public int SlowQueryMs { get; set; } = 200;

    /// <summary>Null: they can be used.</summary>
    public string? Problem()
    {
        if (string.IsNullOrWhiteSpace(Database))
            return null;
        if (KeptJournalBytes < 1 << 30)
            return "Setting 'History:KeptJournalBytes' is at least 1073741824.";
        if (TradesKeptDays is < 1 or > 36_500)
            return "Setting 'History:TradesKeptDays' is from 1 to 36500.";
        if (SlowQueryMs is < 1 or > 60_000)
            return "Setting 'History:SlowQueryMs' is from 1 to 60000.";
        try
        {
            _ = new HistoryDatabaseOptions(Database);
            return null;
        }
        catch (ArgumentException)
        {
            return "Setting 'History:Database' is no connection string.";   // Which may hold a password.
        }
    }

    /// <summary>Null: there is no database.</summary>
    public HistoryOptions? ToOptions() => string.IsNullOrWhiteSpace(Database) ? null : new HistoryOptions
    {
        Database = new HistoryDatabaseOptions(Database) { Migrates = Migrate, ReadsFromStandby = ReadFromStandby, SlowQueryMs = SlowQueryMs },
        KeptJournalBytes = KeptJournalBytes, TradesKeptDays = TradesKeptDays,
    };
}
