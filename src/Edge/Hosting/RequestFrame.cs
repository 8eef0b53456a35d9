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

    public async Task Invoke(HttpContext context, RequestDelegate next)
    {
        context.Response.Headers[IdHeader] = context.TraceIdentifier;
        Problem? problem = RequestSmuggling(context.Request);
        if (problem is not null)
            context.Response.Headers.Connection = "close";
        else
            problem = await Run(context, next);

        if (problem is not null && !context.Response.HasStarted)
            problems.Write(context, problem);
    }

    private async Task<Problem?> Run(HttpContext context, RequestDelegate next)
    {
        try
        {
            await next(context);
            return RefusedByRouting(context.Response);
        }
        catch (BadHttpRequestException refused)
        {
            return new Problem(refused.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => ErrorCatalogue.BodyTooLarge,
                StatusCodes.Status408RequestTimeout => ErrorCatalogue.RequestTimeout,
                _ => ErrorCatalogue.BadRequest,
            });
        }
        catch (Exception gone) when (context.RequestAborted.IsCancellationRequested && gone is OperationCanceledException or IOException)
        {
            return null;   // The client left; there is nobody to tell.
        }
        catch (Exception unknown) when (unknown is VenueStoppedException or TimeoutException)
        {
            LogOutcomeUnknown(context.TraceIdentifier, unknown);
            return new Problem(ErrorCatalogue.OutcomeUnknown);
        }
        catch (Exception fault)
        {
            LogFault(context.TraceIdentifier, fault);
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
