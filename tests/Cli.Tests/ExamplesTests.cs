using System.Text.Json;
using Exchange.Cli.Examples;

namespace Exchange.Cli.Tests;

/// <summary>Every worked example passes through the machines, event for event (P4).</summary>
public sealed class ExamplesTests
{
    private static readonly JsonDocument Examples = JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Semantics", "examples.json")));

    public static TheoryData<string> Ids() =>
        new(Examples.RootElement.GetProperty("examples").EnumerateArray().Select(example => example.GetProperty("id").GetString()!));

    [Theory]
    [MemberData(nameof(Ids))]
    public void Example_comes_out_event_for_event(string id)
    {
        JsonElement example = Examples.RootElement.GetProperty("examples").EnumerateArray()
            .Single(candidate => candidate.GetProperty("id").GetString() == id);

        Assert.Empty(ExampleRunner.Run(example, Examples.RootElement.GetProperty("symbolSpecs")));
    }

    [Fact]
    public void An_example_whose_event_is_changed_fails()
    {
        string text = Examples.RootElement.GetRawText().Replace("\"takerFee\":\"2.505\"", "\"takerFee\":\"2.506\"", StringComparison.Ordinal);
        using JsonDocument changed = JsonDocument.Parse(text);
        JsonElement example = changed.RootElement.GetProperty("examples").EnumerateArray()
            .Single(candidate => candidate.GetProperty("id").GetString() == "s-amend-cross");

        string difference = Assert.Single(ExampleRunner.Run(example, changed.RootElement.GetProperty("symbolSpecs")));

        Assert.Contains("takerFee=2.506", difference, StringComparison.Ordinal);
    }
}
