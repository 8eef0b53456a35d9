namespace Exchange.Storage.Postgres.History;

/// <summary>The database holds the history of another journal than this: another venue's, or of before this one was restored.</summary>
public sealed class ForeignHistoryException()
    : IOException("The database holds the history of another journal. A venue that was restored from a backup, or another venue, needs a database of its own.");

/// <summary>Another writer has opened the history since: this one is over.</summary>
public sealed class HistorySupersededException() : IOException("Another writer has opened the history.");
