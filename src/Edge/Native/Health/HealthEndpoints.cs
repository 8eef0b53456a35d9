using Exchange.Core.Port;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;
using Microsoft.Extensions.Hosting;

namespace Exchange.Edge.Native.Health;

/// <summary>For orchestrators: is the process alive, and does it take commands.</summary>
internal sealed class HealthEndpoints(Venue venue, Readiness readiness, IHostApplicationLifetime lifetime)
{
    private static readonly WireNames Statuses = new("ok", "cancel_only");

    private static readonly AnswerShape Shape = new("Health", new AnswerField("status", AnswerKind.Text, "ok, or cancel_only.", Values: Statuses.All));

    private static readonly AnswerShape ReadyShape = Shape.With("Readiness", new AnswerField(
        "warning", AnswerKind.Text, "What an operator should look at, though the venue takes commands.", IsOptional: true, Values: Readiness.Warnings));

    private static readonly Operation LiveOperation = new("GET", "/health/live", "GetLiveness", "The process answers.")
    {
        WorksWithoutVenue = true, Answer = Shape,
    };

    private static readonly Operation HealthOperation = new("GET", "/health", "GetHealth", "The venue takes commands: as /health/ready.") { Answer = ReadyShape };

    private static readonly Operation ReadyOperation = new("GET", "/health/ready", "GetReadiness", "The venue takes commands, and the server has warmed up and is not stopping.") { Answer = ReadyShape };

    public void Map(EdgeRoutes routes)
    {
        routes.Map(LiveOperation, Live);
        routes.Map(ReadyOperation, Ready);
        routes.Map(HealthOperation, Ready);
    }

    private static ValueTask<Problem?> Live(EdgeRequest request) => Send(request, 0, warning: null);

    // The venue's refusal while it is starting or stopped comes before every handler.
    private ValueTask<Problem?> Ready(EdgeRequest request)
    {
        if (!readiness.IsWarm || lifetime.ApplicationStopping.IsCancellationRequested)
            return new(new Problem(ErrorCatalogue.NotReady));
        return Send(request, venue.Exchange.Health == VenueHealth.CancelOnly ? 1 : 0, readiness.Warning());
    }

    private static ValueTask<Problem?> Send(EdgeRequest request, int status, string? warning)
    {
        Answer answer = request.Begin();
        answer.Json.WriteStartObject();
        answer.Json.WriteString("status"u8, Statuses.Of(status));
        if (warning is not null)
            answer.Json.WriteString("warning"u8, warning);
        answer.Json.WriteEndObject();
        request.Send(answer);
        return default;
    }
}
