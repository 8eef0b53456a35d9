using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Exchange.Tidy.Tests.Repository;

/// <summary>One C# file: its path below the root and its syntax.</summary>
internal sealed record SourceFile(string Path, SyntaxTree Tree)
{
    public CompilationUnitSyntax Root => Tree.GetCompilationUnitRoot();

    public int Lines => Tree.GetText().ToString().TrimEnd().Split('\n').Length;

    public IEnumerable<T> Descendants<T>() where T : SyntaxNode => Root.DescendantNodes().OfType<T>();

    public Finding FindingAt(SyntaxNodeOrToken place, string text) => new(Path, place.GetLocation()!.GetLineSpan().StartLinePosition.Line + 1, text);

    public static SourceFile Read(string path) => Parse(path, RepositoryFiles.Read(path));

    public static SourceFile Parse(string path, string text) =>
        new(path, CSharpSyntaxTree.ParseText(text, new CSharpParseOptions(LanguageVersion.Preview), path));
}
