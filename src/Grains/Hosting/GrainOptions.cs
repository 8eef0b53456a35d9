using System.ComponentModel.DataAnnotations;
using Exchange.Core.Views;

namespace Exchange.Grains.Hosting;

/// <summary>How grains keep what they keep.</summary>
public sealed class GrainOptions
{
    /// <summary>Records of a journal after which its machine's whole state is written, and the journal forgotten up to there.</summary>
    [Range(100, 100_000_000)] public int SnapshotRecords { get; set; } = 200_000;

    /// <summary>Events that a book or a mark keeps for silos that are behind, 80 bytes each; who is further behind is told how all stands.</summary>
    [Range(1, 10_000_000)] public int MarketEventsKept { get; set; } = 32_768;

    /// <summary>Signatures that one of their <see cref="Interfaces.ISignatureGrain.Parts"/> parts remembers, 32 bytes each; beyond, the receive window narrows.</summary>
    [Range(1_000, 100_000_000)] public int SignaturesPerPart { get; set; } = 500_000;

    /// <summary>How soon a mark comes up again whose silo ended and which nobody asks for.</summary>
    [Range(1, 86_400)] public int WakeSeconds { get; set; } = 60;

    /// <summary>How long silos must have stayed the same after one has joined until grains that belong on others now go there, ms; 0: they stay.</summary>
    [Range(0, 3_600_000)] public int SettleAfterMs { get; set; } = 30_000;

    /// <summary>How long features that were put wait until they are written, ms: so much of them is lost with a silo.</summary>
    [Range(1, 60_000)] public int FeatureWriteMs { get; set; } = 1_000;

    /// <summary>How much of an account's history its activation shows; of all there is, the rows of the store have it.</summary>
    public ViewLimits Views { get; set; } = new() { EndedOrdersPerAccount = 2_000, FillsPerAccount = 2_000, MovementsPerAccount = 2_000 };
}
