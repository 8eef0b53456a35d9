using System.Diagnostics;
using Exchange.Edge.Hosting;
using Microsoft.AspNetCore.Http;

namespace Exchange.Edge.Telemetry;

/// <summary>A span for each request of an operation, when somebody listens; it goes on with the trace that the request came with.</summary>
internal static class RequestTracing
{
    public const string SourceName = "Exchange.Edge";

    private static readonly ActivitySource Source = new(SourceName);

    public static Activity? Begin(HttpContext context, Operation operation)
    {
        if (!Source.HasListeners())
            return null;
        _ = ActivityContext.TryParse(context.Request.Headers.TraceParent, context.Request.Headers.TraceState, isRemote: true, out ActivityContext sender);
        Activity? span = Source.StartActivity(operation.Name, ActivityKind.Server, sender);
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag("http.request.method", operation.Method);
            span.SetTag("http.route", operation.Path);
            span.SetTag("exchange.request_id", context.TraceIdentifier);
        }

        return span;
    }

    public static void End(Activity? span, HttpContext context)
    {
        if (span is null)
            return;
        span.SetTag("http.response.status_code", context.Response.StatusCode);
        if (context.Response.StatusCode >= StatusCodes.Status500InternalServerError)
            span.SetStatus(ActivityStatusCode.Error);
        span.Dispose();
    }
}
