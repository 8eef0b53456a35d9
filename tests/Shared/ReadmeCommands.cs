using System.Globalization;
using System.Text;

namespace Exchange.Tests.Shared;

/// <summary>The commands that a document tells its reader to type: the lines of its <c>sh</c> blocks.</summary>
internal static class ReadmeCommands
{
    /// <summary>The port and data folder that the documents use.</summary>
    public const int DocumentedPort = 5080;
    public const string DocumentedFolder = "./data";

    /// <summary>
    /// One entry a command, in order: continued lines and open quotes are joined, comments and blank lines dropped. In a
    /// block with prompts (<c>$ </c>) only the prompted lines are commands; the others show their output.
    /// </summary>
    public static IReadOnlyList<string> Extract(string markdown) => [.. ExtractWithOutput(markdown).Select(shown => shown.Command)];

    /// <summary>The same commands, each with its output: the lines behind it, or the <c>json</c> block behind its own; empty where none is.</summary>
    public static IReadOnlyList<(string Command, string Output)> ExtractWithOutput(string markdown)
    {
        var commands = new List<(string Command, string Output)>();
        foreach ((string language, List<string> block) in Blocks(markdown))
        {
            if (language == "json" && commands.Count > 0) commands[^1] = (commands[^1].Command, string.Join('\n', block));
            if (language != "sh") continue;
            bool prompted = block.Exists(line => line.StartsWith("$ ", StringComparison.Ordinal));
            int before = commands.Count;
            var command = new StringBuilder();
            foreach (string line in block)
            {
                if (command.Length == 0 && prompted && !line.StartsWith("$ ", StringComparison.Ordinal))
                {
                    if (commands.Count > before) commands[^1] = (commands[^1].Command, commands[^1].Output + line + "\n");
                    continue;
                }
                string typed = command.Length == 0 && prompted ? line[2..] : line;
                if (command.Length == 0 && (typed.Trim().Length == 0 || typed.TrimStart().StartsWith('#'))) continue;

                if (command.Length > 0) command.Append('\n');
                command.Append(typed);
                if (IsOpen(command.ToString())) continue;
                commands.Add((command.ToString().Trim(), ""));
                command.Clear();
            }
            if (command.Length > 0) throw new FormatException($"A command of a sh block does not end: {command}");
        }
        return commands;
    }

    /// <summary>The test command itself: not run by a test.</summary>
    public static bool IsTestCommand(string command) => command == "./test" || command.StartsWith("./test ", StringComparison.Ordinal);

    /// <summary>Whether the command starts the server, and so does not return by itself.</summary>
    public static bool StartsServer(string command) => command.Contains("src/Api", StringComparison.Ordinal) && command.StartsWith("dotnet run", StringComparison.Ordinal);

    /// <summary>The command with a port and data folder of its own put in.</summary>
    public static string With(string command, int port, string folder) => command
        .Replace(DocumentedPort.ToString(CultureInfo.InvariantCulture), port.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal)
        .Replace(DocumentedFolder, folder, StringComparison.Ordinal);

    private static IEnumerable<(string Language, List<string> Lines)> Blocks(string markdown)
    {
        string language = "";
        List<string>? block = null;
        foreach (string line in markdown.ReplaceLineEndings("\n").Split('\n'))
        {
            bool isFence = line.TrimStart().StartsWith("```", StringComparison.Ordinal);
            if (block is null && isFence)
            {
                language = line.Trim()[3..];
                block = [];
            }
            else if (block is not null && isFence)
            {
                yield return (language, block);
                block = null;
            }
            else block?.Add(line);
        }
    }

    /// <summary>Whether the shell would ask for more: an open quote, or a backslash at the end.</summary>
    private static bool IsOpen(string command)
    {
        char quote = '\0';
        for (int i = 0; i < command.Length; i++)
        {
            char letter = command[i];
            if (quote == '\0' && letter == '#' && (i == 0 || char.IsWhiteSpace(command[i - 1])))
            {
                int end = command.IndexOf('\n', i);   // a comment: its quotes and backslashes mean nothing
                if (end < 0) return false;
                i = end;
            }
            else if (letter == '\\' && quote != '\'')
            {
                if (i == command.Length - 1) return true;
                i++;
            }
            else if (quote == letter) quote = '\0';
            else if (quote == '\0' && letter is '\'' or '"') quote = letter;
        }
        return quote != '\0';
    }
}
