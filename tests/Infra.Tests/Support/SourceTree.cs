using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Exchange.Infra.Tests.Support;

/// <summary>The C# of src, parsed once: what programs know is read from there, also of those that are not built here.</summary>
internal static class SourceTree
{
    private static readonly Lazy<IReadOnlyList<(string Path, CompilationUnitSyntax Root)>> Parsed = new(Parse);

    /// <param name="projects">Names of projects; none: all of them.</param>
    public static IEnumerable<CompilationUnitSyntax> Of(params string[] projects) => Parsed.Value
        .Where(file => projects.Length == 0 || projects.Contains(file.Path.Split('/')[0]))
        .Select(file => file.Root);

    public static bool HasProject(string name) => File.Exists(RepositoryRoot.Combine("src", name, name + ".csproj"));

    /// <summary>The text of a literal, or null.</summary>
    public static string? Literal(ExpressionSyntax? expression) =>
        expression is LiteralExpressionSyntax literal && literal.IsKind(SyntaxKind.StringLiteralExpression) ? literal.Token.ValueText : null;

    private static List<(string Path, CompilationUnitSyntax Root)> Parse()
    {
        string src = RepositoryRoot.Combine("src");
        return
        [
            .. Directory.EnumerateFiles(src, "*.cs", SearchOption.AllDirectories)
                .Select(path => (Path: Path.GetRelativePath(src, path).Replace('\\', '/'), File: path))
                .Where(file => !file.Path.Contains("/obj/", StringComparison.Ordinal) && !file.Path.Contains("/bin/", StringComparison.Ordinal))
                .Select(file => (file.Path, CSharpSyntaxTree.ParseText(File.ReadAllText(file.File)).GetCompilationUnitRoot())),
        ];
    }
}
