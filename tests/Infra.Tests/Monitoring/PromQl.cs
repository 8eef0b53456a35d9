using System.Text.RegularExpressions;

namespace Exchange.Infra.Tests.Monitoring;

/// <summary>Which metrics a query reads.</summary>
internal static partial class PromQl
{
    private static readonly string[] Words = ["and", "or", "unless", "bool", "offset", "on", "ignoring", "group_left", "group_right", "by", "without", "inf", "nan"];

    public static IEnumerable<string> Metrics(string query)
    {
        string bare = NotMetrics().Replace(query, " ");
        return Name().Matches(bare).Select(match => match.Value).Where(name => !Words.Contains(name)).Distinct();
    }

    /// <summary>Texts, matchers of labels, spans of time, lists of labels.</summary>
    [GeneratedRegex("""\{[^}]*\}|\[[^\]]*\]|"[^"]*"|\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)""", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex NotMetrics();

    /// <summary>A name that is not called as a function.</summary>
    [GeneratedRegex(@"(?<![\w.])[a-zA-Z_:][\w:]*(?![\w(])(?!\s*\()", RegexOptions.None, 5000)]
    private static partial Regex Name();
}
