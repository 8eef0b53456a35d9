using Exchange.Edge.Authentication;
using Exchange.Edge.Json;
using Microsoft.AspNetCore.Http;

namespace Exchange.Edge.Hosting;

/// <summary>A request whose credentials, body length and query were checked.</summary>
internal sealed class EdgeRequest(HttpContext http, AnswerPool answers, Caller caller, ReadOnlyMemory<byte> body, QueryFields query)
{
    public HttpContext Http { get; } = http;

    public Caller Caller { get; } = caller;

    /// <summary>Valid until the handler is done.</summary>
    public ReadOnlyMemory<byte> Body { get; } = body;

    public QueryFields Query { get; } = query;

    /// <summary>The trading account of the caller.</summary>
    public uint Account => Caller.Account;

    /// <summary>For the audit log: what came into being or ended.</summary>
    public string? Subject { get; set; }

    /// <summary>A parameter of the path.</summary>
    public string Path(string name) => (string?)Http.Request.RouteValues[name] ?? "";

    /// <summary>Begins a JSON answer; <see cref="Send"/> ends it.</summary>
    public Answer Begin() => answers.Rent();

    public void Send(Answer answer, int status = StatusCodes.Status200OK)
    {
        Http.Response.StatusCode = status;
        Http.Response.ContentType = "application/json";
        answers.Send(answer, Http.Response);
    }

    /// <summary>The answer to what has no other: when it was done.</summary>
    public void SendTime(long timeMs, int status = StatusCodes.Status200OK)
    {
        Answer answer = Begin();
        answer.Json.WriteStartObject();
        answer.Json.WriteNumber("timeMs"u8, timeMs);
        answer.Json.WriteEndObject();
        Send(answer, status);
    }
}
