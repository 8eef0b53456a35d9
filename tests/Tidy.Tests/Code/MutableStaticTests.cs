using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Exchange.Tidy.Tests.Code;

/// <summary>State that belongs to nobody survives a test, a recovery and a second exchange in one process.</summary>
public sealed class MutableStaticTests
{
    private static readonly string[] MutableTypes =
    [
        "List", "Dictionary", "HashSet", "Queue", "Stack", "LinkedList", "SortedDictionary", "SortedList", "SortedSet", "PriorityQueue",
        "ConcurrentDictionary", "ConcurrentQueue", "ConcurrentBag", "ConcurrentStack", "BlockingCollection", "Channel", "StringBuilder",
        "MemoryStream", "Memory", "BitArray", "Hashtable", "ArrayList", "Collection", "ObservableCollection", "ConditionalWeakTable", "Random",
        "IList", "ICollection", "IDictionary", "ISet",
    ];

    [Fact]
    public void No_static_can_change() => AllowList.AssertNone(
        "mutable-static", "Pass it in, or make it unchangeable (const, ImmutableArray, FrozenDictionary, a ReadOnlySpan property):",
        RepositoryFiles.SourcesBelow("src/").SelectMany(Find));

    [Theory]
    [InlineData("private static int _count;", 1)]
    [InlineData("private static readonly int Count = 1;", 0)]
    [InlineData("private const int Count = 1;", 0)]
    [InlineData("private static readonly int[] Powers = [1, 10];", 1)]
    [InlineData("private static ReadOnlySpan<int> Powers => [1, 10];", 0)]
    [InlineData("private static readonly Dictionary<int, int> Cache = new();", 1)]
    [InlineData("private static readonly IReadOnlyDictionary<int, int> Cache = new Dictionary<int, int>();", 1)]
    [InlineData("private static readonly FrozenDictionary<int, int> Codes = Build().ToFrozenDictionary();", 0)]
    [InlineData("public static int Count { get; set; }", 1)]
    [InlineData("public static int Count { get; }", 0)]
    [InlineData("public static List<int> All { get; } = [];", 1)]
    [InlineData("public static List<int> All => [];", 0)]
    [InlineData("public static event Action? Done;", 1)]
    [InlineData("private int _count;", 0)]
    public void Each_form_is_found(string member, int findings) =>
        Assert.Equal(findings, Find(SourceFile.Parse("a.cs", $"class C {{ {member} }}")).Count());

    private static IEnumerable<Finding> Find(SourceFile source) => source.Descendants<MemberDeclarationSyntax>()
        .Where(member => member.Modifiers.Any(SyntaxKind.StaticKeyword) && CanChange(member))
        .Select(member => source.FindingAt(member, member.ToString().Split('\n')[0]));

    private static bool CanChange(MemberDeclarationSyntax member) => member switch
    {
        EventFieldDeclarationSyntax => true,
        FieldDeclarationSyntax field => !field.Modifiers.Any(SyntaxKind.ReadOnlyKeyword)
            || IsMutable(field.Declaration.Type)
            || field.Declaration.Variables.Any(variable => IsMutable(CreatedType(variable.Initializer?.Value))),
        PropertyDeclarationSyntax { AccessorList: { } accessors } property when IsAutomatic(accessors) =>
            accessors.Accessors.Any(SyntaxKind.SetAccessorDeclaration)
            || IsMutable(property.Type)
            || IsMutable(CreatedType(property.Initializer?.Value)),
        _ => false,
    };

    private static bool IsAutomatic(AccessorListSyntax accessors) =>
        accessors.Accessors.All(accessor => accessor.Body is null && accessor.ExpressionBody is null);

    private static TypeSyntax? CreatedType(ExpressionSyntax? value) => value switch
    {
        ObjectCreationExpressionSyntax created => created.Type,
        ArrayCreationExpressionSyntax created => created.Type,
        _ => null,
    };

    private static bool IsMutable(TypeSyntax? type) => type switch
    {
        ArrayTypeSyntax => true,
        NullableTypeSyntax nullable => IsMutable(nullable.ElementType),
        QualifiedNameSyntax qualified => IsMutable(qualified.Right),
        SimpleNameSyntax name => MutableTypes.Contains(name.Identifier.Text),
        _ => false,
    };
}
