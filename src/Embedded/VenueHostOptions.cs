namespace Exchange.Embedded;

/// <summary>Bounds of the embedded host.</summary>
public sealed class VenueHostOptions
{
    /// <summary>Requests that may wait for the engine; beyond it they are refused with OVERLOADED.</summary>
    public int QueueCapacity { get; init; } = 8_192;

    /// <summary>Places of the queue kept for each higher priority, at most a quarter: limit orders leave three times as many free; -1: an eighth.</summary>
    public int KeptPerPriority { get; init; } = -1;

    /// <summary>Inputs that may wait for durability and readers; then the engine waits for them.</summary>
    public int PublicationCapacity { get; init; } = 65_536;

    /// <summary>Feed events that may wait with them.</summary>
    public int FeedCapacity { get; init; } = 262_144;

    /// <summary>Every so many inputs a check of all outputs so far goes into the journal; recovery compares.</summary>
    public int CheckEveryInputs { get; init; } = 4_096;

    /// <summary>
    /// Processor that the engine's thread has to itself (Linux; numbers as in /proc/cpuinfo), best one that serves no disk interrupts. Null:
    /// all threads share all processors.
    /// </summary>
    public int? EngineProcessor { get; init; }
}
