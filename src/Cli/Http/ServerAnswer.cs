using System.Text.Json;

namespace Exchange.Cli.Http;

/// <summary>An answer kept as text, for what is not hot.</summary>
internal sealed record ServerAnswer(int Status, string Text)
{
    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>The stable code of a refusal; null: none.</summary>
    public string? Code => Field("code");

    /// <summary>The refusal in one line.</summary>
    public InvalidDataException Refused(string what) => new($"{what} was refused: {Status} {Code} {Field("detail")}".TrimEnd());

    private string? Field(string name)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(Text);
            return document.RootElement.TryGetProperty(name, out JsonElement value) ? value.ToString() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
