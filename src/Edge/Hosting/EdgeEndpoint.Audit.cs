using Exchange.Edge.Audit;
using Exchange.Edge.Authentication;
using Exchange.Edge.Errors;
using Microsoft.Extensions.Logging;

namespace Exchange.Edge.Hosting;

/// <content>Operations that are recorded: the line is durable before the answer leaves.</content>
internal sealed partial class EdgeEndpoint
{
    private async ValueTask<Problem?> HandleAudited(EdgeRequest request, Handler handler)
    {
        if (!await services.Audit.IsWritable())
            return new Problem(ErrorCatalogue.AuditUnavailable);

        // Should the handler throw, nobody knows what was done.
        string outcome = ErrorCatalogue.OutcomeUnknown.Code;
        try
        {
            Problem? problem = await handler(request);
            outcome = problem is null ? AuditEntry.Done : problem.Entry.Code;
            return problem;
        }
        catch (KeyStoreException fault)
        {
            LogKeysUnavailable(services.Logger, operation.Name, request.Http.TraceIdentifier, fault);
            return new Problem(ErrorCatalogue.KeysUnavailable);
        }
        finally
        {
            await Record(request, outcome);
        }
    }

    private async ValueTask Record(EdgeRequest request, string outcome)
    {
        bool isDone = outcome == AuditEntry.Done;
        var entry = new AuditEntry(operation.Name, outcome)
        {
            KeyId = request.Caller.KeyId,
            Account = request.Account,
            Address = ClientAddress.Of(request.Http),
            RequestId = request.Http.TraceIdentifier,
            Target = isDone ? RequestTarget.PathAndQuery(request.Http) : operation.Path,
            Subject = request.Subject,
            Request = isDone ? request.Body : default,
        };
        try
        {
            await services.Audit.Record(entry);
        }
        catch (IOException fault)
        {
            // It was done and cannot be recorded, so it is not answered as done: the client does not know the outcome.
            LogNotRecorded(services.Logger, operation.Name, request.Http.TraceIdentifier, fault);
            request.Http.Abort();
        }
    }

    [LoggerMessage(2, LogLevel.Error, "{Action} of request {RequestId} could not reach the store of keys; whether it was done is unknown.")]
    private static partial void LogKeysUnavailable(ILogger logger, string action, string requestId, Exception fault);

    [LoggerMessage(1, LogLevel.Critical, "{Action} of request {RequestId} could not be recorded; nothing more that has to be is done.")]
    private static partial void LogNotRecorded(ILogger logger, string action, string requestId, Exception fault);
}
