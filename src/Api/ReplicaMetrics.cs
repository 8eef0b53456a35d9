using System.Diagnostics.Metrics;
using Exchange.Embedded;

namespace Exchange.Api;

/// <summary>What operators watch of the replica, beside the edge's own figures; docs/operations.md tells each.</summary>
internal static class ReplicaMetrics
{
    /// <param name="replica">Null: switched off, and there is nothing to tell.</param>
    /// <param name="meters">Those whose meter "Exchange" the edge tells of.</param>
    public static void Tell(VenueReplica? replica, IMeterFactory meters)
    {
        if (replica is null)
            return;
        Meter meter = meters.Create("Exchange");
        meter.CreateObservableGauge("replica_lag_records", () => (long)replica.Lag, description: "Durable records the replica has not carried out yet.");
        meter.CreateObservableCounter("replica_hurried_records_total", () => replica.Hurried, description: "Records the replica carried out at ordinary priority, too far behind.");
        meter.CreateObservableGauge("snapshot_sequence", () => (long)replica.SnapshotSequence, description: "Record of the newest snapshot.");
    }
}
