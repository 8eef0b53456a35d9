namespace Exchange.Edge.Json;

/// <summary>What a field of an answer holds; for the OpenAPI document.</summary>
internal enum AnswerKind
{
    Decimal = 0,
    Text = 1,
    Integer = 2,
    Flag = 3,
    Object = 4,
    List = 5,
}

/// <summary>One field of an answer.</summary>
internal sealed record AnswerField(
    string Name, AnswerKind Kind, string Meaning, bool IsOptional = false, IReadOnlyList<string>? Values = null, AnswerShape? Shape = null);

/// <summary>The fields of an answer; for the OpenAPI document.</summary>
internal sealed class AnswerShape(string name, params AnswerField[] fields)
{
    public string Name { get; } = name;

    public AnswerField[] Fields { get; } = fields;

    /// <summary>The same with further fields.</summary>
    public AnswerShape With(string name, params AnswerField[] more) => new(name, [.. Fields, .. more]);
}
