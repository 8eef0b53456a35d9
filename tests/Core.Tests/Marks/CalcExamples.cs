using System.Text.Json;

namespace Exchange.Core.Tests.Marks;

/// <summary>The worked calculations among the examples, by id.</summary>
internal static class CalcExamples
{
    private static readonly JsonDocument Examples = JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Semantics", "examples.json")));

    public static (JsonElement Input, JsonElement Expect) Find(string id)
    {
        JsonElement example = Examples.RootElement.GetProperty("examples").EnumerateArray().Single(e => e.GetProperty("id").GetString() == id);
        return (example.GetProperty("input"), example.GetProperty("expect"));
    }
}
