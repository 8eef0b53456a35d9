using Exchange.Edge.Json;

namespace Exchange.Edge.Errors;

/// <summary>A problem document's fields, for the OpenAPI document.</summary>
internal static class ProblemShape
{
    public static readonly AnswerShape Shape = new("Problem",
        new AnswerField("type", AnswerKind.Text, "A name of the code as a URN."),
        new AnswerField("title", AnswerKind.Text, "What is wrong."),
        new AnswerField("status", AnswerKind.Integer, "HTTP status."),
        new AnswerField("code", AnswerKind.Text, "Stable: programs branch on it."),
        new AnswerField("detail", AnswerKind.Text, "What to do."),
        new AnswerField("field", AnswerKind.Text, "The offending field, parameter or header.", IsOptional: true),
        new AnswerField("value", AnswerKind.Text, "What was given.", IsOptional: true),
        new AnswerField("limit", AnswerKind.Text, "What bounds it.", IsOptional: true),
        new AnswerField("nearest", AnswerKind.List, "Values around it that would have passed.", IsOptional: true),
        new AnswerField("serverTimeMs", AnswerKind.Integer, "With errors of the clock: the server's time.", IsOptional: true),
        new AnswerField("differenceMs", AnswerKind.Integer, "With errors of the clock: server's time minus yours.", IsOptional: true),
        new AnswerField("requestId", AnswerKind.Text, "As in X-Request-Id.", IsOptional: true));
}
