using System.Diagnostics.Metrics;
using Exchange.Embedded;

namespace Exchange.Api;

/// <summary>What operators watch of the replica.</summary>
internal static class ReplicaMetrics
{
    public static void Tell(VenueReplica replica, Meter meter)
    {
        meter.CreateObservableGauge("replica_lag_records", () => (long)replica.Lag, description: "Durable records the replica has not carried out yet.");
        meter.CreateObservableCounter("replica_hurried_records_total", () => replica.Hurried, description: "Records the replica carried out at ordinary priority, too far behind.");
        meter.CreateObservableGauge("snapshot_sequence", () => (long)replica.SnapshotSequence, description: "Record of the newest snapshot.");
    }
}
