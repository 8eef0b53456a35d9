using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Exchange.Grains.Nodes;

namespace Exchange.Silo.Tests.Api;

/// <summary>One trace from HTTP to the journal, over two silos in this process.</summary>
public sealed class OrderTraceTests
{
    [SkippableFact]
    public async Task A_traced_order_is_followed_from_its_request_to_its_account_its_book_and_the_journal()
    {
        string database = TemporaryPostgres.Shared.CreateDatabase();
        string cluster = $"test-{Guid.NewGuid():n}";
        await using ApiSilo edge = await ApiSilo.Start(database, cluster, "edge");
        await using var other = await ApiSilo.Start(database, cluster, "other");
        await ApiTests.Open(edge, accounts: 1);
        string token = await edge.TokenOf(1);
        await Place(edge, token, "before", traceParent: null);

        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is NodeTracing.SourceName or "Exchange.Edge",
            Sample = static (ref ActivityCreationOptions<ActivityContext> options) =>
                (options.Parent.TraceFlags & ActivityTraceFlags.Recorded) != 0 ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var trace = new ActivityContext(ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded);
        await Place(edge, token, "traced", $"00-{trace.TraceId}-{trace.SpanId}-01");
        await Place(edge, token, "untraced", traceParent: null);

        await Condition.Holds(() => ended.Any(span => span.Kind == ActivityKind.Server) && ended.Any(span => span.OperationName == "Journal append"));
        Assert.All(ended, span => Assert.Equal(trace.TraceId, span.TraceId));
        string[] names = [.. Way(ended).Select(span => span.OperationName)];
        Assert.Equal(["PlaceOrder", "Account turn", "Book turn", "Journal append"], names);
    }

    /// <summary>From the journal's span back to the request's, turned round.</summary>
    private static IEnumerable<Activity> Way(IReadOnlyCollection<Activity> ended)
    {
        var way = new List<Activity>();
        Activity? span = ended.Single(span => span.OperationName == "Journal append");
        for (; span is not null; span = ended.SingleOrDefault(parent => parent.SpanId == way[^1].ParentSpanId))
            way.Add(span);
        way.Reverse();
        return way;
    }

    private static async Task Place(ApiSilo silo, string token, string clientOrderId, string? traceParent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/orders")
        {
            Content = JsonContent.Create(new { symbol = "B0USDT", side = "buy", type = "limit", price = "49000", qty = "0.01", clientOrderId }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (traceParent is not null)
            request.Headers.Add("traceparent", traceParent);
        using HttpResponseMessage answer = await silo.Http.SendAsync(request);
        answer.EnsureSuccessStatusCode();
    }
}
