using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Exchange.Tidy.Tests.Code;

/// <summary>The order of a hash table's entries is not a function of the inputs, so Core never walks one.</summary>
public sealed class HashOrderTests
{
    private static readonly string[] Tables =
    [
        "Dictionary", "HashSet", "ConcurrentDictionary", "FrozenDictionary", "FrozenSet", "ImmutableDictionary", "ImmutableHashSet",
        "IDictionary", "IReadOnlyDictionary", "ISet", "IReadOnlySet", "ReadOnlyDictionary", "KeyCollection", "ValueCollection", "Hashtable",
    ];

    [Fact]
    public void Core_never_walks_a_hash_table()
    {
        CSharpCompilation core = Compile([.. RepositoryFiles.SourcesBelow("src/Core/")]);

        // Blind to types, the search would find nothing.
        IEnumerable<Diagnostic> unknown = core.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);
        Assert.Empty(unknown.Take(5));
        AllowList.AssertNone("hash-order", "Keep what is walked in an array or a sorted structure:", Find(core));
    }

    [Theory]
    [InlineData("foreach (var x in d) { }", 1)]
    [InlineData("foreach (var x in d.Keys) { }", 1)]
    [InlineData("var x = d.Values.ToArray();", 1)]
    [InlineData("var x = d.Sum(p => p.Value);", 1)]
    [InlineData("int[] x = [.. s];", 1)]
    [InlineData("var x = string.Join(',', s);", 1)]
    [InlineData("s.CopyTo(new int[3]);", 1)]
    [InlineData("var x = d.TryGetValue(1, out int y) && s.Contains(2) ? d[1] + d.Count : 0; d.Clear(); s.Remove(1);", 0)]
    [InlineData("foreach (var x in new SortedDictionary<int, int>()) { } foreach (var x in new List<int>()) { }", 0)]
    public void Each_way_of_walking_is_found(string code, int findings) => Assert.Equal(findings, Find(Compile(
        [SourceFile.Parse("a.cs", $"class C {{ void M(Dictionary<int, int> d, HashSet<int> s) {{ {code} }} }}")])).Count());

    private static CSharpCompilation Compile(IReadOnlyList<SourceFile> sources)
    {
        string[] usings = ["System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Threading", "System.Threading.Tasks"];
        SourceFile implicitUsings = SourceFile.Parse("usings.cs", string.Concat(usings.Select(name => $"global using global::{name};")));
        // What the test host itself was given: the framework.
        string framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        IEnumerable<MetadataReference> references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator).Where(path => path.StartsWith(framework, StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path));
        return CSharpCompilation.Create(
            "Core", sources.Append(implicitUsings).Select(source => source.Tree), references,
            new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
    }

    private static IEnumerable<Finding> Find(CSharpCompilation compilation) =>
        from tree in compilation.SyntaxTrees
        let model = compilation.GetSemanticModel(tree)
        from node in tree.GetRoot().DescendantNodes()
        let walked = Walked(node, model)
        where walked is not null
        select new Finding(tree.FilePath, node.GetLocation().GetLineSpan().StartLinePosition.Line + 1, $"{node.ToString().Split('\n')[0]} walks {walked}");

    /// <summary>The hash table that a node walks, or null.</summary>
    private static string? Walked(SyntaxNode node, SemanticModel model)
    {
        IEnumerable<ExpressionSyntax> walked = node switch
        {
            ForEachStatementSyntax loop => [loop.Expression],
            SpreadElementSyntax spread => [spread.Expression],
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax call } invocation when IsOwnMethod(call, model) =>
                call.Name.Identifier.Text is "GetEnumerator" or "CopyTo" or "RemoveWhere" ? [call.Expression] : Arguments(invocation, model),
            InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax call } invocation => [call.Expression, .. Arguments(invocation, model)],
            BaseObjectCreationExpressionSyntax { ArgumentList: { } list } => list.Arguments.Select(argument => argument.Expression),
            _ => [],
        };
        return walked.Select(expression => model.GetTypeInfo(expression).Type).FirstOrDefault(IsTable)?.Name;
    }

    /// <summary>Looking up, adding and removing are the table's own methods; walking it is mostly an extension's.</summary>
    private static bool IsOwnMethod(MemberAccessExpressionSyntax call, SemanticModel model) =>
        model.GetSymbolInfo(call).Symbol is not IMethodSymbol { IsExtensionMethod: true };

    /// <summary>Handed to the framework as a sequence; our own methods are read where they are. CollectionsMarshal looks up.</summary>
    private static IEnumerable<ExpressionSyntax> Arguments(InvocationExpressionSyntax invocation, SemanticModel model) =>
        model.GetSymbolInfo(invocation).Symbol is IMethodSymbol { DeclaringSyntaxReferences.IsEmpty: true, ContainingType.Name: not "CollectionsMarshal" }
            ? invocation.ArgumentList.Arguments.Select(argument => argument.Expression)
            : [];

    private static bool IsTable(ITypeSymbol? type) =>
        type is not null && Tables.Contains(type.Name) && type.ContainingNamespace.ToString()!.StartsWith("System", StringComparison.Ordinal);
}
