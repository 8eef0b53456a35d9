using Exchange.Core.Port;
using Exchange.Edge.Errors;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace Exchange.Edge.Hosting;

/// <summary>Around every request: its id, refusals that routing makes, and faults, all told as problem documents.</summary>
internal sealed partial class RequestFrame(ProblemWriter problems, ILogger<RequestFrame> logger)
{
    public const string IdHeader = "X-Request-Id";

    public Task Invoke(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers[IdHeader] = context.TraceIdentifier;
        if (RequestSmuggling(context.Request) is { } problem)
        {
            context.Response.Headers.Connection = "close";
            problems.Write(context, problem);
            return Task.CompletedTask;
        }

        // Short operations tell their faults themselves: one method less that waits for an order.
        return SocketThreads.IsShort(context) ? next(context) : Watch(context, next);
    }

    private async Task Watch(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
            if (RefusedByRouting(context.Response) is { } problem)
                problems.Write(context, problem);
        }
        catch (Exception failure)
        {
            Tell(context, failure);
        }
    }

    /// <summary>Tells the client of a failure, if it can be told.</summary>
    public void Tell(HttpContext context, Exception failure)
    {
        if (Told(context, failure) is { } problem && !context.Response.HasStarted)
            problems.Write(context, problem);
    }

    /// <summary>What the client is told of a failure; null: it left, there is nobody to tell.</summary>
    private Problem? Told(HttpContext context, Exception failure)
    {
        switch (failure)
        {
            case BadHttpRequestException refused:
                return new Problem(refused.StatusCode switch
                {
                    StatusCodes.Status413PayloadTooLarge => ErrorCatalogue.BodyTooLarge,
                    StatusCodes.Status408RequestTimeout => ErrorCatalogue.RequestTimeout,
                    _ => ErrorCatalogue.BadRequest,
                });
            case OperationCanceledException or IOException when context.RequestAborted.IsCancellationRequested:
                return null;
            case VenueStoppedException or TimeoutException:
                LogOutcomeUnknown(context.TraceIdentifier, failure);
                return new Problem(ErrorCatalogue.OutcomeUnknown);
            case FeaturesUnavailableException:
                return new Problem(ErrorCatalogue.FeaturesUnavailable);
            case HistoryUnavailableException:
                return new Problem(ErrorCatalogue.HistoryUnavailable);
            case VenueOverloadedException:
                return new Problem(ErrorCatalogue.Overloaded);
            default:
                LogFault(context.TraceIdentifier, failure);
                return new Problem(ErrorCatalogue.Internal);
        }
    }

    /// <summary>
    /// Both lengths in one request, or an encoding that is not simply chunked: a proxy in front could see another end of it than we do.
    /// </summary>
    private static Problem? RequestSmuggling(HttpRequest request)
    {
        StringValues encoding = request.Headers.TransferEncoding;
        if (encoding.Count == 0)
            return null;

        // The server moves a Content-Length that came beside a Transfer-Encoding to this name.
        bool isPlain = encoding.Count == 1 && string.Equals(encoding.ToString(), "chunked", StringComparison.OrdinalIgnoreCase);
        return !isPlain || request.ContentLength is not null || request.Headers.ContainsKey("X-Content-Length")
            ? new Problem(ErrorCatalogue.AmbiguousLength)
            : null;
    }

    private static Problem? RefusedByRouting(HttpResponse response)
    {
        if (response.HasStarted || response.ContentLength is not null)
            return null;
        return response.StatusCode switch
        {
            StatusCodes.Status404NotFound => new Problem(ErrorCatalogue.NotFound),
            StatusCodes.Status405MethodNotAllowed => new Problem(ErrorCatalogue.MethodNotAllowed) { Allow = response.Headers.Allow },
            StatusCodes.Status415UnsupportedMediaType => new Problem(ErrorCatalogue.UnsupportedMediaType),
            >= 400 and < 500 => new Problem(ErrorCatalogue.BadRequest),
            _ => null,
        };
    }

    [LoggerMessage(1, LogLevel.Error, "Request {RequestId} failed.")]
    private partial void LogFault(string requestId, Exception fault);

    [LoggerMessage(2, LogLevel.Warning, "Request {RequestId}: the outcome of its command is unknown.")]
    private partial void LogOutcomeUnknown(string requestId, Exception fault);
}
