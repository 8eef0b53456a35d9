using System.Text.RegularExpressions;

namespace Exchange.Infra.Tests.Azure;

/// <summary>What a Bicep file declares and refers to, by its text alone: a light check where no compiler is.</summary>
internal sealed partial class BicepFile(string name)
{
    public const string Folder = "infra/azure";

    public string Text { get; } = Comment().Replace(File.ReadAllText(RepositoryRoot.Combine("infra", "azure", name)), "");

    public IReadOnlyList<string> Parameters => [.. Declared("param")];

    /// <summary>Those that must be given: they have no default.</summary>
    public IReadOnlyList<string> Wanted => [.. Parameter().Matches(Text).Where(match => !match.Groups["default"].Success).Select(match => match.Groups["name"].Value)];

    public IReadOnlyList<string> Outputs => [.. Declared("output")];

    public IReadOnlyList<string> Symbols => [.. Declared("param"), .. Declared("var"), .. Declared("resource"), .. Declared("module")];

    /// <summary>Symbolic name, file and the names of the parameters that are given.</summary>
    public IReadOnlyList<(string Name, string File, IReadOnlyList<string> Given)> Modules =>
    [
        .. Module().Matches(Text).Select(match => (
            match.Groups["name"].Value, match.Groups["file"].Value,
            (IReadOnlyList<string>)[.. Given().Matches(match.Groups["params"].Value).Select(given => given.Groups["name"].Value)])),
    ];

    /// <summary>Each <c>module.outputs.name</c>.</summary>
    public IReadOnlyList<(string Module, string Output)> Used => [.. Output().Matches(Text).Select(match => (match.Groups["module"].Value, match.Groups["output"].Value))];

    /// <summary>How often a word stands as a name, in code or inside of <c>${…}</c>.</summary>
    public int CountOf(string word) => Regex.Count(Text, $@"(?<![\w'.]){word}\b(?!:)", RegexOptions.None, TimeSpan.FromSeconds(5));

    /// <summary>The text without what stands in quotes.</summary>
    public string Bare => Quoted().Replace(Text, "''");

    private IEnumerable<string> Declared(string kind) =>
        Regex.Matches(Text, $@"^\s*{kind} (\w+)", RegexOptions.Multiline, TimeSpan.FromSeconds(5)).Select(match => match.Groups[1].Value);

    [GeneratedRegex(@"^\s*//.*$", RegexOptions.Multiline, 5000)]
    private static partial Regex Comment();

    [GeneratedRegex(@"^param (?<name>\w+) \w+(?<default> =)?", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Parameter();

    [GeneratedRegex(@"^module (?<name>\w+) '(?<file>[^']+)' = \{.*?params: \{(?<params>.*?)\n  \}", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Module();

    [GeneratedRegex(@"^    (?<name>\w+):", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Given();

    [GeneratedRegex(@"\b(?<module>\w+)\.outputs\.(?<output>\w+)", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Output();

    [GeneratedRegex(@"'(\\.|[^'\\])*'", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Quoted();
}
