namespace Exchange.Edge.Audit;

/// <summary>What administrators did, and what became of keys and tokens: a chain of lines, each durable before the act is answered.</summary>
public interface IAuditLog
{
    /// <summary>Of the last line, as far as it is known here, Unix milliseconds; 0: there is none.</summary>
    long LastTimeMs { get; }

    /// <summary>Whether a line could be written now: where not, nothing that has to be recorded may be done.</summary>
    ValueTask<bool> IsWritable();

    /// <summary>Writes a line; completes once it is durable.</summary>
    /// <exception cref="IOException">It is not, or nobody knows: whatever was done must not be answered as done.</exception>
    ValueTask Record(AuditEntry entry);
}

/// <summary>Short forms of the host's own calls.</summary>
public static class AuditLogExtensions
{
    /// <summary>Records what the host itself did at start.</summary>
    public static ValueTask RecordHost(this IAuditLog log, string action, string subject) =>
        log.Record(new AuditEntry(action, AuditEntry.Done) { Subject = subject });
}
