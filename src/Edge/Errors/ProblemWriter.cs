using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text.Json;
using Exchange.Edge.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Exchange.Edge.Errors;

/// <summary>Answers a request with a problem document (RFC 9457) and counts the refusal by code.</summary>
internal sealed class ProblemWriter
{
    public const string ContentType = "application/problem+json";
    public const string MeterName = "Exchange.Edge";

    /// <summary>Where a code is explained; a name, not an address: programs compare <c>code</c>.</summary>
    private const string TypePrefix = "urn:exchange:error:";

    private readonly AnswerPool _answers;
    private readonly Counter<long> _refusals;

    public ProblemWriter(AnswerPool answers, IMeterFactory meters)
    {
        _answers = answers;
        _refusals = meters.Create(MeterName).CreateCounter<long>("exchange.edge.refusals", description: "Refused requests by code.");
    }

    /// <summary>Writes the whole response; nothing may have been written before.</summary>
    public void Write(HttpContext context, Problem problem)
    {
        _refusals.Add(1, new KeyValuePair<string, object?>("code", problem.Entry.Code));

        HttpResponse response = context.Response;
        response.StatusCode = problem.Entry.Status;
        response.ContentType = ContentType;
        if (problem.RetryAfterSeconds is { } seconds)
            response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        else if (problem.Entry.Status is StatusCodes.Status503ServiceUnavailable or StatusCodes.Status429TooManyRequests)
            response.Headers.RetryAfter = "1";
        if (problem.Entry.Status == StatusCodes.Status401Unauthorized)
            response.Headers[HeaderNames.WWWAuthenticate] = "Bearer";
        if (problem.Allow is not null)
            response.Headers.Allow = problem.Allow;

        Answer answer = _answers.Rent();
        WriteJson(answer.Json, problem, context.TraceIdentifier);
        _answers.Send(answer, response);
    }

    /// <summary>The problem as a JSON object: the body of a response, or one outcome of a batch.</summary>
    public static void WriteJson(Utf8JsonWriter json, Problem problem, string? requestId)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, TypePrefix + problem.Entry.Code);
        json.WriteString("title"u8, problem.Entry.Title);
        json.WriteNumber("status"u8, problem.Entry.Status);
        json.WriteString("code"u8, problem.Entry.Code);
        json.WriteString("detail"u8, problem.Detail ?? problem.Entry.Advice);
        WriteText(json, "field"u8, problem.Field);
        WriteText(json, "value"u8, problem.Value);
        WriteText(json, "limit"u8, problem.Limit);
        if (problem.Nearest is not null)
        {
            json.WriteStartArray("nearest"u8);
            foreach (string value in problem.Nearest)
                json.WriteStringValue(value);
            json.WriteEndArray();
        }

        if (problem.ServerTimeMs is long serverTimeMs)
            json.WriteNumber("serverTimeMs"u8, serverTimeMs);
        if (problem.DifferenceMs is long differenceMs)
            json.WriteNumber("differenceMs"u8, differenceMs);
        WriteText(json, "requestId"u8, requestId);
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }
}
