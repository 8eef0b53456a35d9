using System.Text.RegularExpressions;

namespace Exchange.Tidy.Tests.Documents;

public sealed partial class LinkTests
{
    [Fact]
    public void Every_link_between_documents_resolves() => AllowList.AssertNone(
        "link", "These links lead nowhere:",
        from path in RepositoryFiles.All
        where path.EndsWith(".md", StringComparison.Ordinal)
        let text = WithoutCode(RepositoryFiles.Read(path))
        from Match link in Link().Matches(text)
        let target = link.Groups["target"].Value
        where !IsElsewhere(target) && !Resolves(path, target)
        select new Finding(path, text.AsSpan(0, link.Index).Count('\n') + 1, target));

    [Fact]
    public void Every_document_that_a_file_names_exists() => AllowList.AssertNone(
        "link", "These documents do not exist:",
        from path in RepositoryFiles.All
        where path.EndsWith(".cs", StringComparison.Ordinal) || path.EndsWith(".md", StringComparison.Ordinal) || !Path.GetFileName(path).Contains('.', StringComparison.Ordinal)
        let text = RepositoryFiles.ReadText(path) ?? ""
        from Match name in DocumentName().Matches(text)
        where !RepositoryFiles.Exists(name.Value)
        select new Finding(path, text.AsSpan(0, name.Index).Count('\n') + 1, name.Value));

    [Theory]
    [InlineData("# Order's way: `place` (outline)", "orders-way-place-outline")]
    [InlineData("## 3. Placing", "3-placing")]
    public void A_heading_gives_the_anchor_that_the_web_page_has(string heading, string anchor) =>
        Assert.Equal(anchor, Assert.Single(Anchors(heading)));

    private static bool IsElsewhere(string target) =>
        target.StartsWith("http:", StringComparison.Ordinal) || target.StartsWith("https:", StringComparison.Ordinal) || target.StartsWith("mailto:", StringComparison.Ordinal);

    private static bool Resolves(string from, string target)
    {
        string[] parts = target.Split('#', 2);
        string folder = Path.GetDirectoryName(from) ?? "";
        string to = parts[0].Length == 0 ? from : Path.GetRelativePath("/", Path.GetFullPath(Path.Combine("/", folder, parts[0])));
        if (!RepositoryFiles.Exists(to)) return false;
        return parts.Length == 1 || !to.EndsWith(".md", StringComparison.Ordinal) || Anchors(RepositoryFiles.Read(to)).Contains(parts[1]);
    }

    private static IEnumerable<string> Anchors(string markdown) => WithoutFences(markdown).Split('\n')
        .Where(line => line.StartsWith('#'))
        .Select(line => line.TrimStart('#').Trim())
        .Select(heading => string.Concat(heading.ToLowerInvariant()
            .Where(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '_')
            .Select(letter => letter == ' ' ? '-' : letter)));

    /// <summary>Code keeps its line breaks, so that line numbers stay right.</summary>
    private static string WithoutCode(string markdown) => CodeSpan().Replace(WithoutFences(markdown), "");

    private static string WithoutFences(string markdown) => Fence().Replace(markdown, fence => new string('\n', fence.Value.AsSpan().Count('\n')));

    [GeneratedRegex(@"\[[^\]]*\]\((?<target>[^)\s]+)[^)]*\)", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Link();

    [GeneratedRegex(@"(?<![\w/.-])(docs|bench)/[\w/.-]+\.md\b", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex DocumentName();

    [GeneratedRegex("^```.*?^```", RegexOptions.Multiline | RegexOptions.Singleline, 5000)]
    private static partial Regex Fence();

    [GeneratedRegex("`[^`\n]*`", RegexOptions.None, 5000)]
    private static partial Regex CodeSpan();
}
