using System.Globalization;
using System.Text.RegularExpressions;

namespace Exchange.Tidy.Tests.Documents;

/// <summary>docs/faults.md is the plan of the tests: each of its rows is cited by one, or stands in its list of those that are not.</summary>
public sealed partial class FaultTableTests
{
    private const string Document = "docs/faults.md";

    [Fact]
    public void Each_fault_is_cited_by_a_test_or_said_to_be_by_none()
    {
        string text = RepositoryFiles.Read(Document);
        HashSet<string> cited = [.. RepositoryFiles.SourcesBelow("tests/")
            .Where(source => !source.Path.EndsWith(nameof(FaultTableTests) + ".cs", StringComparison.Ordinal))
            .SelectMany(source => CitedIn(source.Tree.GetText().ToString()))];

        string[] rows = [.. Rows().Matches(text).Select(match => match.Groups["id"].Value)];
        string[] listed = [.. Listed().Matches(text).Select(match => match.Groups["id"].Value)];

        Assert.NotEmpty(rows);
        Assert.Equal(listed.Order(StringComparer.Ordinal), rows.Except(cited).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("(S1, S2)", "S1 S2")]
    [InlineData("(F20 to F23)", "F20 F21 F22 F23")]
    [InlineData("// S1 to S3, F9.", "S1 S2 S3 F9")]
    [InlineData("IS1 S1a", "")]
    public void Rows_are_cited_one_by_one_or_from_one_to_another(string text, string rows) => Assert.Equal(rows, string.Join(' ', CitedIn(text)));

    private static IEnumerable<string> CitedIn(string text) => Citations().Matches(text).SelectMany(match =>
    {
        string letter = match.Groups["letter"].Value;
        int first = int.Parse(match.Groups["first"].Value, CultureInfo.InvariantCulture);
        int last = match.Groups["last"].Success ? int.Parse(match.Groups["last"].Value, CultureInfo.InvariantCulture) : first;
        return Enumerable.Range(first, last - first + 1).Select(number => letter + number.ToString(CultureInfo.InvariantCulture));
    });

    [GeneratedRegex(@"\b(?<letter>[PFS])(?<first>\d{1,2})(?: to \k<letter>(?<last>\d{1,2}))?\b", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Citations();

    [GeneratedRegex(@"^(\| |- )(?<id>[PFS]\d{1,2})( \|| )", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Rows();

    [GeneratedRegex(@"^- (?<id>[PFS]\d{1,2}): ", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Listed();
}
