namespace Exchange.Core.Port;

/// <summary>What is further back than memory reaches cannot be told now: its database is away, or does not have it yet.</summary>
public sealed class HistoryUnavailableException(Exception? cause = null) : Exception("The history does not answer.", cause);
