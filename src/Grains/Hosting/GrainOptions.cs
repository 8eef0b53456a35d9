using System.ComponentModel.DataAnnotations;

namespace Exchange.Grains.Hosting;

/// <summary>How grains keep what they keep.</summary>
public sealed class GrainOptions
{
    /// <summary>Records of a journal after which its machine's whole state is written, and the journal forgotten up to there.</summary>
    [Range(100, 100_000_000)] public int SnapshotRecords { get; set; } = 200_000;
}
