namespace Exchange.Storage.Postgres.History;

/// <summary>How far the history is written.</summary>
/// <param name="Sequence">Of the last record of the journal whose rows are in the database; 0: none yet.</param>
/// <param name="TimeMs">The venue's time then.</param>
/// <param name="IsNew">Nobody has written here before.</param>
public readonly record struct HistoryPosition(ulong Sequence, long TimeMs, bool IsNew);
