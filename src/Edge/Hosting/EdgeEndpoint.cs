using System.Diagnostics;
using Exchange.Edge.Audit;
using Exchange.Edge.Authentication;
using Exchange.Edge.Errors;
using Exchange.Edge.Json;
using Exchange.Edge.Limits;
using Exchange.Edge.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Exchange.Edge.Hosting;

/// <summary>Carries out one operation; the result is its refusal, or null when it has answered.</summary>
internal delegate ValueTask<Problem?> Handler(EdgeRequest request);

/// <summary>One route: checks what every request is checked for, in one order, then hands over.</summary>
/// <remarks>Venue up, body length and type, credentials, limits, rights, query, and only then the handler.</remarks>
/// <param name="operation">What it is.</param>
/// <param name="handler">Carries it out; null: it is one command.</param>
/// <param name="command">That command.</param>
/// <param name="services">What it needs.</param>
internal sealed partial class EdgeEndpoint(Operation operation, Handler? handler, CommandHandler? command, EdgeServices services)
{
    public Operation Operation => operation;

    public async Task Invoke(HttpContext context)
    {
        long started = operation.IsOrderEntry ? services.Metrics.Now() : 0;
        Activity? span = RequestTracing.Begin(context, operation);
        RequestBody body = default;
        try
        {
            Problem? problem = operation.WorksWithoutVenue ? null : services.Venue.Refuse();
            if (problem is null)
                (problem, body) = await RequestBody.Read(context, operation.BodyLimit);
            if (!operation.IsShort && SocketThreads.IsOnOne)
                await Task.Yield();   // A body that came late brought it back.
            Caller caller = default;
            QueryFields? query = null;
            if (problem is null && operation.NeedsCredentials)
            {
                problem = services.Authenticator.Authenticate(
                    context.Request.Headers, ClientAddress.Of(context), body.SignedText, out caller, out SignatureUse use);
                if (problem is null && caller.IsSigned && operation.IsChanging)
                    problem = await services.Authenticator.TakeOnce(caller, use);
                problem = Judge(context, caller, problem);
            }

            problem ??= QueryFields.Read(context.Request.QueryString.Value, operation.Query, out query);
            if (problem is null)
            {
                var request = new EdgeRequest(context, services.Answers, caller, body.Memory, query!);
                if (command is null)
                {
                    problem = await (operation.IsAudited ? HandleAudited(request, handler!) : handler!(request));
                }
                else
                {
                    Submission sent = await command.Submit(request);
                    problem = sent.Problem ?? command.Answer(request, await sent.Pending, sent.Instrument);
                }
            }

            if (problem is not null)
                services.Problems.Write(context, problem);
        }
        catch (Exception failure) when (operation.IsShort)
        {
            services.Frame.Tell(context, failure);
        }
        finally
        {
            body.Return();
            RequestTracing.End(span, context);
            if (operation.IsOrderEntry)
                services.Metrics.RecordOrder(operation.Name, started);
        }
    }

    private Problem? Judge(HttpContext context, in Caller caller, Problem? refused)
    {
        if (refused is not null)
        {
            services.Limits.OnRefused(context, ClientAddress.Of(context), refused.Entry);
            return refused;
        }

        if (services.Limits.TakeForCaller(context, caller, operation.Charge) is { } tooMuch)
            return tooMuch;
        if (operation.NeedsSignature && !caller.IsSigned)
            return new Problem(ErrorCatalogue.SignatureRequired);
        if (!caller.May(operation.Needs))
            return new Problem(ErrorCatalogue.PermissionMissing) { Limit = string.Join(", ", PermissionNames.Of(operation.Needs)) };
        return operation.NeedsAccount && caller.Account == 0 ? new Problem(ErrorCatalogue.NoAccount) : null;
    }
}

/// <summary>What every endpoint needs.</summary>
internal sealed record EdgeServices(
    AnswerPool Answers, ProblemWriter Problems, RequestFrame Frame, Authenticator Authenticator, ClientLimits Limits, Venue Venue, EdgeMetrics Metrics,
    IAuditLog Audit, ILogger<EdgeEndpoint> Logger);
