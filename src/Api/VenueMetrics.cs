using System.Diagnostics.Metrics;
using Exchange.Embedded;

namespace Exchange.Api;

/// <summary>What operators watch of what works behind a venue, beside the edge's own figures; docs/operations.md tells each.</summary>
internal static class VenueMetrics
{
    /// <param name="exchange">What is switched off there has nothing to tell.</param>
    /// <param name="meters">Those whose meter "Exchange" the edge tells of.</param>
    public static void Tell(EmbeddedExchange exchange, IMeterFactory meters)
    {
        Meter meter = meters.Create("Exchange");
        if (exchange.Replica is { } replica)
            ReplicaMetrics.Tell(replica, meter);
        if (exchange.History is { } history)
            HistoryMetrics.Tell(history, meter);
        if (exchange.HistoryReader is { } reader)
            HistoryMetrics.Tell(reader, meter);
    }
}
