using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Exchange.Tidy.Tests.Layers;

public sealed class ReferenceTests
{
    private const string Table = "docs/architecture.md";

    /// <summary>What each project of src may refer to: the rows "| project | may refer to | …" of the document.</summary>
    private static readonly Dictionary<string, string[]> Allowed = RepositoryFiles.Read(Table)
        .Split("| project | may refer to |")[1].Split("\n\n")[0].Split('\n')[2..]
        .Select(row => row.Split('|', StringSplitOptions.TrimEntries))
        .ToDictionary(cells => cells[1], cells => cells[2] == "nothing" ? [] : cells[2].Split(", "));

    [Fact]
    public void A_project_refers_only_to_those_the_table_allows()
    {
        List<string> faults = [];
        foreach (ProjectFile project in RepositoryFiles.Projects.Where(project => project.Path.StartsWith("src/", StringComparison.Ordinal)))
            if (!Allowed.TryGetValue(project.Name, out string[]? allowed))
                faults.Add($"{project.Path} is not in the table of {Table}");
            else
                faults.AddRange(project.Projects.Except(allowed).Select(other => $"{project.Path} may not refer to {other}"));
        AssertNone(faults);
    }

    [Fact]
    public void Core_needs_no_package() =>
        Assert.Empty(RepositoryFiles.Projects.Single(project => project.Path == "src/Core/Core.csproj").Packages);

    [Fact]
    public void Only_the_silo_its_grains_and_their_tests_know_Orleans()
    {
        IEnumerable<string> packages = RepositoryFiles.Projects
            .Where(project => !OrleansProjects.MayKnowOrleans(project.Name))
            .SelectMany(project => project.Packages
                .Where(package => package.Contains("Orleans", StringComparison.OrdinalIgnoreCase))
                .Select(package => $"{project.Path}: {package}"));
        IEnumerable<string> usings = RepositoryFiles.Sources
            .Where(source => source.Path.Split('/') is [_, string project, ..] && !OrleansProjects.MayKnowOrleans(project))
            .SelectMany(source => source.Descendants<UsingDirectiveSyntax>()
                .Where(directive => directive.NamespaceOrType.ToString() is string name && (name == "Orleans" || name.StartsWith("Orleans.", StringComparison.Ordinal)))
                .Select(directive => source.FindingAt(directive, directive.ToString()).ToString()));

        AssertNone([.. packages, .. usings]);
    }

    private static void AssertNone(List<string> faults)
    {
        if (faults.Count > 0) Assert.Fail(string.Join('\n', faults));
    }
}
