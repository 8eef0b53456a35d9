using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Exchange.Tidy.Tests.Code;

public sealed class NamingTests
{
    private static readonly string[] Drawers = ["Utils", "Util", "Utilities", "Helpers", "Helper", "Managers", "Manager", "Common", "Misc", "Models", "Services"];

    [Fact]
    public void A_file_is_named_after_a_type_in_it() => AllowList.AssertNone(
        "file-name", "The first part of a file's name is a type that the file declares:",
        RepositoryFiles.SourcesBelow("src/")
            .Where(source => TypesOf(source) is { Length: > 0 } types && !types.Contains(Path.GetFileName(source.Path).Split('.')[0]))
            .Select(source => new Finding(source.Path, 1, $"declares {string.Join(", ", TypesOf(source))}")));

    [Fact]
    public void A_namespace_is_its_folder() => AllowList.AssertNone(
        "namespace", "The namespace follows the folders below src:",
        from source in RepositoryFiles.SourcesBelow("src/")
        from declared in source.Descendants<BaseNamespaceDeclarationSyntax>()
        let expected = "Exchange." + string.Join('.', source.Path.Split('/')[1..^1])
        where declared.Name.ToString() != expected
        select source.FindingAt(declared.Name, $"{declared.Name}, expected {expected}"));

    [Fact]
    public void No_folder_or_type_is_a_drawer() => AllowList.AssertNone(
        "drawer", "What has no better name has no job yet:",
        RepositoryFiles.SourcesBelow("src/").SelectMany(source =>
            source.Path.Split('/')[1..^1].Concat(TypesOf(source))
                .Where(name => Drawers.Contains(name) || name.EndsWith("Helper", StringComparison.Ordinal) || name.EndsWith("Manager", StringComparison.Ordinal) || name.EndsWith("Utils", StringComparison.Ordinal))
                .Select(name => new Finding(source.Path, 1, name))));

    private static string[] TypesOf(SourceFile source) =>
    [
        .. source.Descendants<BaseTypeDeclarationSyntax>().Where(type => type.Parent is not BaseTypeDeclarationSyntax).Select(type => type.Identifier.Text),
        .. source.Descendants<DelegateDeclarationSyntax>().Where(type => type.Parent is not BaseTypeDeclarationSyntax).Select(type => type.Identifier.Text),
    ];
}
