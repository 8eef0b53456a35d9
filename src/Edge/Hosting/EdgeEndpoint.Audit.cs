using Exchange.Edge.Audit;
using Exchange.Edge.Errors;
using Microsoft.Extensions.Logging;

namespace Exchange.Edge.Hosting;

/// <content>Operations that are recorded: the line is durable before the answer leaves.</content>
internal sealed partial class EdgeEndpoint
{
    private async ValueTask<Problem?> HandleAudited(EdgeRequest request)
    {
        if (services.Audit.Refuse() is { } unavailable)
            return unavailable;

        // Should the handler throw, nobody knows what was done.
        string outcome = ErrorCatalogue.OutcomeUnknown.Code;
        try
        {
            Problem? problem = await handler(request);
            outcome = problem is null ? AuditEntry.Done : problem.Entry.Code;
            return problem;
        }
        finally
        {
            Record(request, outcome);
        }
    }

    private void Record(EdgeRequest request, string outcome)
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
            services.Audit.Record(entry);
        }
        catch (IOException fault)
        {
            // It was done and cannot be recorded, so it is not answered as done: the client does not know the outcome.
            LogNotRecorded(services.Logger, operation.Name, request.Http.TraceIdentifier, fault);
            request.Http.Abort();
        }
    }

    [LoggerMessage(1, LogLevel.Critical, "{Action} of request {RequestId} could not be recorded; nothing more that has to be is done.")]
    private static partial void LogNotRecorded(ILogger logger, string action, string requestId, Exception fault);
}
