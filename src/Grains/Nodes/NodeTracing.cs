using System.Diagnostics;
using Exchange.Core.Nodes;

namespace Exchange.Grains.Nodes;

/// <summary>Spans of an order's way: its account's turn, its book's turn, the append to the journal.</summary>
/// <remarks>
/// Batches between grains name the span that led to them, not Orleans' call filters: those cost every call something, these nothing
/// while nobody listens. Of what one batch carries the first recorded span is gone on with.
/// </remarks>
public static class NodeTracing
{
    public const string SourceName = "Exchange.Grains";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>The span that is being recorded now; null: none is.</summary>
    internal static Activity? Current => Source.HasListeners() && Activity.Current is { Recorded: true } current ? current : null;

    /// <summary>A node takes what a recorded span led to.</summary>
    internal static Activity? BeginTurn(NodeId node, ActivityContext from)
    {
        if (from.TraceId == default || Source.StartActivity($"{node.Kind} turn", ActivityKind.Internal, from) is not { } span)
            return null;
        span.SetTag("exchange.node", node.ToString());
        return span;
    }

    /// <summary>A node's records go to the store.</summary>
    internal static Activity? BeginAppend(NodeId node, int records, ActivityContext from)
    {
        if (from.TraceId == default || Source.StartActivity("Journal append", ActivityKind.Client, from) is not { } span)
            return null;
        span.SetTag("exchange.node", node.ToString());
        span.SetTag("exchange.records", records);
        return span;
    }
}

/// <summary>The first recorded span since one was taken; any thread.</summary>
internal sealed class NotedSpan
{
    private Activity? _first;

    public void Note()
    {
        if (NodeTracing.Current is { } current)
            Interlocked.CompareExchange(ref _first, current, null);
    }

    public ActivityContext Take() => Volatile.Read(ref _first) is null ? default : Interlocked.Exchange(ref _first, null)?.Context ?? default;
}
