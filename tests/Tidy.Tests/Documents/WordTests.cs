using System.Text.RegularExpressions;

namespace Exchange.Tidy.Tests.Documents;

/// <summary>What must not stand in any file of the repository.</summary>
public sealed partial class WordTests
{
    [Fact]
    public void What_is_left_to_do_has_an_issue() => AllowList.AssertNone(
        "todo", "Name an issue (#123) or do it:", Lines(ToDo(), RepositoryFiles.All).Where(finding => !Issue().IsMatch(finding.Text)));

    [Fact]
    public void No_file_names_a_folder_of_one_machine() => AllowList.AssertNone(
        "machine-path", "Use a path relative to the repository:", Lines(MachinePath(), RepositoryFiles.All));

    [Fact]
    public void Only_tests_name_the_recorded_data_beside_the_repository() => AllowList.AssertNone(
        "recorded-data", "The project must stand without it; a test that reads it skips where it is absent:",
        Lines(RecordedData(), RepositoryFiles.All.Where(path => !path.StartsWith("tests/", StringComparison.Ordinal))));

    [Theory]
    [InlineData("// TO" + "DO: later", true)]
    [InlineData("# FIX" + "ME", true)]
    [InlineData("a trailing TO" + "DO needs an issue", false)]
    public void A_comment_that_begins_so_is_found(string line, bool found) => Assert.Equal(found, ToDo().IsMatch(line));

    private static IEnumerable<Finding> Lines(Regex pattern, IEnumerable<string> paths) =>
        from path in paths
        let text = RepositoryFiles.ReadText(path)
        where text is not null && pattern.IsMatch(text)
        from line in text.Split('\n').Select((words, index) => new Finding(path, index + 1, words.Trim()))
        where pattern.IsMatch(line.Text)
        select line with { Text = line.Text.Length > 160 ? line.Text[..160] : line.Text };

    [GeneratedRegex(@"(//|#|/\*|<!--|--|\*)[ \t]*(TODO|FIXME|HACK)\b", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex ToDo();

    [GeneratedRegex(@"#\d+", RegexOptions.None, 5000)]
    private static partial Regex Issue();

    [GeneratedRegex(@"(?<![\w./:~*-])/(work|root|home|Users)/\w", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex MachinePath();

    [GeneratedRegex(@"\.\./shared\b", RegexOptions.None, 5000)]
    private static partial Regex RecordedData();
}
