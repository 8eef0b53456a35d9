using Exchange.Core.Views;
using Exchange.Embedded.History;
using Exchange.Storage.Files;

namespace Exchange.Embedded;

/// <summary>Where an embedded venue lives, and its bounds.</summary>
public sealed class EmbeddedOptions
{
    /// <summary>Folder of journal and snapshots. No default: to lose it is to lose the exchange.</summary>
    public required string Directory { get; init; }

    /// <summary>Build that writes here: a snapshot of another version is not replayed over.</summary>
    public string Version { get; init; } = typeof(EmbeddedOptions).Assembly.GetName().Version?.ToString(3) ?? "0";

    public VenueHostOptions Host { get; init; } = new();

    public ViewLimits Views { get; init; } = new();

    /// <summary>Size of a journal file, bytes.</summary>
    public long SegmentBytes { get; init; } = 128L << 20;

    /// <summary>Free space below which only cancels are taken, bytes.</summary>
    public long NearlyFullBytes { get; init; } = 512L << 20;

    /// <summary>Follows the journal, compares, takes snapshots and deletes old journal files. Null: nobody does, and the journal grows.</summary>
    public ReplicaOptions? Replica { get; init; }

    /// <summary>Keeps history in a database. Null: only what the views hold.</summary>
    public HistoryOptions? History { get; init; }

    /// <summary>A snapshot at an orderly stop, so that the next start need not replay.</summary>
    public bool SnapshotOnStop { get; init; } = true;

    /// <summary>Opens only what is there: makes no new venue.</summary>
    public bool IsExistingOnly { get; init; }

    /// <summary>Opens only what this version wrote last: no new venue, and none that it would go on with from another's snapshot.</summary>
    public bool IsOwnOnly { get; init; }

    internal FileJournalOptions Journal => new()
    {
        Directory = Directory, SegmentBytes = SegmentBytes, NearlyFullBytes = NearlyFullBytes,
    };
}
