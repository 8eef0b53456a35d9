using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Exchange.Tidy.Tests.Code;

public sealed class FloatingPointTests
{
    private static readonly string[] Types = ["Double", "Single", "Decimal", "Half", "BigDecimal"];

    [Fact]
    public void Core_computes_in_integers() => AllowList.AssertNone(
        "floating-point", "Ticks, lots and 1e-8 are integers; two machines must agree to the bit:",
        RepositoryFiles.SourcesBelow("src/Core/").SelectMany(Find));

    [Theory]
    [InlineData("double x;", 1)]
    [InlineData("var x = 0.5;", 1)]
    [InlineData("System.Decimal x;", 1)]
    [InlineData("var x = 1e8;", 1)]
    [InlineData("long x = 100_000_000L; // a double of 0.5", 0)]
    public void Each_form_is_found(string code, int findings) => Assert.Equal(findings, Find(SourceFile.Parse("a.cs", code)).Count());

    private static IEnumerable<Finding> Find(SourceFile source) => source.Root.DescendantNodes()
        .Where(node => node switch
        {
            PredefinedTypeSyntax type => type.Keyword.Kind() is SyntaxKind.DoubleKeyword or SyntaxKind.FloatKeyword or SyntaxKind.DecimalKeyword,
            IdentifierNameSyntax name => Types.Contains(name.Identifier.Text),
            LiteralExpressionSyntax literal => literal.Token.Value is double or float or decimal,
            _ => false,
        })
        .Select(node => source.FindingAt(node, node.ToString()));
}
