using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Exchange.Tidy.Tests.Code;

/// <summary>A method fits a screen and a file can be read at a sitting; ratchet.txt lists what does not, and may only shrink.</summary>
public sealed class LengthTests
{
    private const string RatchetFile = "tests/Tidy.Tests/ratchet.txt";
    private const int MethodLimit = 60;
    private const int FileLimit = 400;

    [Fact]
    public void Nothing_grows_beyond_its_limit()
    {
        Dictionary<string, int> actual = [];
        foreach (SourceFile source in RepositoryFiles.Sources)
            foreach ((string name, int lines) in TooLong(source))
                actual[name] = Math.Max(lines, actual.GetValueOrDefault(name));

        List<string> faults = Judge(actual, ParseRatchet(RepositoryFiles.Read(RatchetFile)));

        if (faults.Count > 0) Assert.Fail($"A method has at most {MethodLimit} lines, a file {FileLimit}:\n{string.Join('\n', faults)}");
    }

    [Fact]
    public void A_long_method_is_counted_without_its_comment_and_attributes()
    {
        string body = string.Join('\n', Enumerable.Repeat("        ;", 60));
        SourceFile source = SourceFile.Parse("a.cs", $"class C\n{{\n    /// <summary>x</summary>\n    [A]\n    void M()\n    {{\n{body}\n    }}\n\n    void N() {{ }}\n}}\n");

        Assert.Equal([("a.cs#C.M", 63)], TooLong(source));
    }

    [Fact]
    public void An_entry_fails_when_it_grows_and_when_it_is_no_longer_needed()
    {
        Dictionary<string, int> ratchet = ParseRatchet("# comment\na.cs 500\na.cs#C.M 70\nb.cs#C.N 80\n");

        List<string> faults = Judge(new() { ["a.cs"] = 450, ["a.cs#C.M"] = 71, ["c.cs#C.O"] = 61 }, ratchet);

        Assert.Equal(
            ["a.cs#C.M has 71 lines, and had 70", "c.cs#C.O has 61 lines", $"{RatchetFile}: no longer needed: b.cs#C.N"], faults);
    }

    private static List<string> Judge(Dictionary<string, int> actual, Dictionary<string, int> ratchet) =>
    [
        .. actual.Where(entry => ratchet.TryGetValue(entry.Key, out int before) && entry.Value > before)
            .Select(entry => $"{entry.Key} has {entry.Value} lines, and had {ratchet[entry.Key]}"),
        .. actual.Where(entry => !ratchet.ContainsKey(entry.Key)).Select(entry => $"{entry.Key} has {entry.Value} lines"),
        .. ratchet.Keys.Where(name => !actual.ContainsKey(name)).Select(name => $"{RatchetFile}: no longer needed: {name}"),
    ];

    private static Dictionary<string, int> ParseRatchet(string text) => text.Split('\n')
        .Where(line => line.Length > 0 && line[0] != '#')
        .Select(line => line.Split(' '))
        .ToDictionary(parts => parts[0], parts => int.Parse(parts[1]));

    private static IEnumerable<(string Name, int Lines)> TooLong(SourceFile source)
    {
        if (source.Lines > FileLimit) yield return (source.Path, source.Lines);

        foreach (SyntaxNode member in source.Root.DescendantNodes().Where(IsMethod))
            if (LinesOf(member) is > MethodLimit and int lines)
                yield return ($"{source.Path}#{NameOf(member)}", lines);

        GlobalStatementSyntax[] program = [.. source.Root.Members.OfType<GlobalStatementSyntax>()];
        if (program.Length > 0 && LineSpan(program[0].GetFirstToken(), program[^1].GetLastToken()) is > MethodLimit and int all)
            yield return ($"{source.Path}#Main", all);
    }

    private static bool IsMethod(SyntaxNode node) => node is BaseMethodDeclarationSyntax or BasePropertyDeclarationSyntax;

    private static int LinesOf(SyntaxNode member)
    {
        SyntaxToken first = member.ChildNodesAndTokens().First(child => !child.IsKind(SyntaxKind.AttributeList)) is var start && start.IsToken
            ? start.AsToken()
            : start.AsNode()!.GetFirstToken();
        return LineSpan(first, member.GetLastToken());
    }

    private static int LineSpan(SyntaxToken first, SyntaxToken last) =>
        last.GetLocation().GetLineSpan().EndLinePosition.Line - first.GetLocation().GetLineSpan().StartLinePosition.Line + 1;

    private static string NameOf(SyntaxNode member)
    {
        string own = member switch
        {
            MethodDeclarationSyntax method => method.Identifier.Text,
            ConstructorDeclarationSyntax => "new",
            PropertyDeclarationSyntax property => property.Identifier.Text,
            _ => member.Kind().ToString(),
        };
        string type = string.Join('.', member.Ancestors().OfType<BaseTypeDeclarationSyntax>().Reverse().Select(parent => parent.Identifier.Text));
        return $"{type}.{own}";
    }
}
