namespace Exchange.Core.Journaling;

/// <summary>A durable list of records, appended by one thread.</summary>
public interface IJournal
{
    /// <summary>The last record appended, durable or not. The next one's sequence is one above it.</summary>
    ulong AppendedSequence { get; }

    /// <summary>Everything up to here survives a crash. Any thread may read it; nothing may leave before it is covered.</summary>
    ulong DurableSequence { get; }

    /// <summary>Any thread may read it, at the cost of a volatile read.</summary>
    JournalHealth Health { get; }

    /// <summary>The largest payload that may be appended.</summary>
    int MaxPayloadBytes { get; }

    /// <summary>Queues a record for the next batch; neither waits nor allocates.</summary>
    /// <param name="sequence">One above <see cref="AppendedSequence"/>.</param>
    /// <param name="timeMs">Milliseconds since 1970, not before the last record's.</param>
    /// <param name="kind">The caller's number for the type of the payload.</param>
    /// <param name="payload">At most <see cref="MaxPayloadBytes"/>; copied.</param>
    /// <returns>False when nothing was appended: the queue is full (try again after a <see cref="WaitDurable"/>),
    /// or <see cref="Health"/> is <see cref="JournalHealth.Failed"/> (stop).</returns>
    bool TryAppend(ulong sequence, long timeMs, ushort kind, ReadOnlySpan<byte> payload);

    /// <summary>As <see cref="TryAppend"/>, but the writer may sleep on until <see cref="Wake"/>: for one of several in a row.</summary>
    bool TryQueue(ulong sequence, long timeMs, ushort kind, ReadOnlySpan<byte> payload);

    /// <summary>Lets the writer see what was queued.</summary>
    void Wake();

    /// <summary>Parks the calling thread (one at a time) until a sequence is durable.</summary>
    /// <param name="sequence">To wait for.</param>
    /// <param name="timeoutMs">-1: without limit.</param>
    /// <returns>Whether it is durable; false also as soon as the journal has failed.</returns>
    bool WaitDurable(ulong sequence, int timeoutMs = -1);
}

/// <summary>Told by the journal's own thread; must return at once and not throw.</summary>
public interface IJournalListener
{
    /// <summary>Everything up to <paramref name="sequence"/> is durable.</summary>
    void OnDurable(ulong sequence);

    /// <summary>Nothing more will become durable: acknowledge nothing, stop, and recover from what is on disk.</summary>
    void OnFailed(Exception cause);
}

/// <summary>How much the journal can still take.</summary>
public enum JournalHealth
{
    Ok,

    /// <summary>Space runs out: admit cancels only; what is prepared lasts for a while.</summary>
    NearlyFull,

    /// <summary>A write or sync has failed, or there is no space left. Final for this process.</summary>
    Failed,
}
