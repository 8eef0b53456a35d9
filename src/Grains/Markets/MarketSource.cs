using Exchange.Core.Feed;
using Exchange.Core.Wire;

namespace Exchange.Grains.Markets;

/// <summary>What a journaled node makes for readers, as it applies its records: a function of the journal, kept in its snapshots.</summary>
internal abstract class MarketSource
{
    /// <summary>What was made since it was last taken.</summary>
    public FeedBuffer Made { get; } = new(64);

    /// <summary>Time of the last input, ms.</summary>
    public abstract long TimeMs { get; }

    /// <summary>See <see cref="Interfaces.MarketSegment.Held"/>.</summary>
    public abstract long Held { get; }

    /// <summary>Trades made since the activation began, those of records read back too.</summary>
    public virtual long Trades => 0;

    /// <summary>Writes what is kept, as of the last record.</summary>
    public abstract void Write(SnapshotWriter writer);

    /// <summary>Reads it back, once the node is as of the same record.</summary>
    public abstract void Read(SnapshotReader reader);
}
