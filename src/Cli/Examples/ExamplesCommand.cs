using System.CommandLine;
using System.Globalization;
using System.Text.Json;

namespace Exchange.Cli.Examples;

/// <summary><c>exchange examples FILE</c>: runs worked examples through the machines and says which pass.</summary>
public static class ExamplesCommand
{
    public static Command Create()
    {
        Argument<FileInfo> file = new("FILE") { Description = "Examples in the shape of tests/Core.Tests/Semantics/README.md." };
        Option<bool> json = new("--json") { Description = "Prints one line of JSON." };
        file.AcceptExistingOnly();
        Command command = new("examples", "Runs worked examples through the machines, event for event.") { file, json };
        command.SetAction(parsed => Run(
            parsed.GetRequiredValue(file), parsed.GetValue(json), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return command;
    }

    private static int Run(FileInfo file, bool json, TextWriter output, TextWriter error)
    {
        int passed = 0;
        var failures = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file.FullName));
            JsonElement specs = document.RootElement.GetProperty("symbolSpecs");
            foreach (JsonElement example in document.RootElement.GetProperty("examples").EnumerateArray())
            {
                List<string> differences = ExampleRunner.Run(example, specs);
                if (differences.Count == 0)
                    passed++;
                else
                    failures.Add(example.GetProperty("id").GetString()!, differences);
            }
        }
        catch (Exception unreadable) when (unreadable is JsonException or KeyNotFoundException or InvalidDataException or InvalidOperationException or IOException)
        {
            error.WriteLine($"{file.Name} is no file of examples: {unreadable.Message}");
            return ExchangeCommandLine.Failed;
        }

        if (json)
        {
            output.WriteLine(JsonSerializer.Serialize(new { passed, failed = failures.Count, failures }));
        }
        else
        {
            foreach ((string id, List<string> differences) in failures)
            {
                output.WriteLine($"{id} failed:");
                foreach (string difference in differences)
                    output.WriteLine("  " + difference);
            }

            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{passed} passed, {failures.Count} failed"));
        }

        return failures.Count == 0 ? ExchangeCommandLine.Done : ExchangeCommandLine.Failed;
    }
}
