namespace Exchange.Storage.Streams;

/// <summary>What a store is asked.</summary>
public enum StoreCallKind
{
    Open,
    Append,
    Read,
    WriteState,
    ReadState,
    Trim,
    ReadLog,
}

/// <summary>One call, as it comes in.</summary>
public readonly record struct StoreCall(StoreCallKind Kind, StreamId Stream);

/// <summary>What may befall a call; those that lose something are for writes only.</summary>
public enum StoreFault
{
    None,

    /// <summary>Nothing is done, and the caller is told so.</summary>
    Refuse,

    /// <summary>It is done; the caller does not learn it.</summary>
    LoseAnswer,

    /// <summary>It is not done; the caller does not learn it.</summary>
    LoseRequest,

    /// <summary>It waits until <see cref="InMemoryStreamStore.Release"/>, and is then done if it is not stale by that time.</summary>
    Stall,
}
