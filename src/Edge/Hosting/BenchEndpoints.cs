using Exchange.Edge.Errors;
using Exchange.Edge.Json;

namespace Exchange.Edge.Hosting;

/// <summary>What the server costs without the exchange, to measure the rest against; only served when a setting asks for it.</summary>
internal sealed class BenchEndpoints
{
    private const int AnswerBytes = 200;

    private static readonly BodyShape Body = new("Noop", new BodyField("any", FieldKind.Text, "The body is read and not looked at."));

    private static readonly Operation NoopOperation = new("POST", "/api/v1/bench/noop", "Noop", "Reads the body and answers 200 bytes.")
    {
        WorksWithoutVenue = true, Body = Body,
    };

    public void Map(EdgeRoutes routes) => routes.Map(NoopOperation, Noop);

    private static ValueTask<Problem?> Noop(EdgeRequest request)
    {
        Answer answer = request.Begin();
        answer.Json.WriteStartObject();
        answer.Json.WriteString("pad"u8, "01234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890"u8[..(AnswerBytes - 10)]);
        answer.Json.WriteEndObject();
        request.Send(answer);
        return default;
    }
}
