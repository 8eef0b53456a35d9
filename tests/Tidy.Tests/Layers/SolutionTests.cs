using System.Text.Json;
using System.Text.RegularExpressions;

namespace Exchange.Tidy.Tests.Layers;

public sealed class SolutionTests
{
    private static readonly List<ProjectFile> Projects = [.. RepositoryFiles.Projects];

    [Fact]
    public void The_solution_holds_every_project() =>
        Assert.Equal(Sorted(Projects.Select(project => project.Path)), Sorted(SolutionPaths()));

    [Fact]
    public void The_filter_holds_every_project_that_builds_without_Orleans()
    {
        HashSet<string> orleans = OrleansProjects.AllThatNeed(Projects);

        Assert.Equal(
            Sorted(Projects.Where(project => !orleans.Contains(project.Name)).Select(project => project.Path)),
            Sorted(FilterPaths()));
    }

    [Fact]
    public void What_refers_to_a_grain_needs_Orleans_too()
    {
        ProjectFile[] projects =
        [
            new("src/Silo/Silo.csproj", [], []), new("tests/Cluster/Cluster.csproj", ["Host"], []),
            new("tests/Host/Host.csproj", ["Silo", "Cluster"], []), new("src/Core/Core.csproj", [], []),
        ];

        Assert.Equal(["Cluster", "Host", "Silo"], OrleansProjects.AllThatNeed(projects).Order());
    }

    private static IEnumerable<string> SolutionPaths() => Regex
        .Matches(RepositoryFiles.Read("Exchange.Orleans.sln"), "\"(?<path>[^\"]+\\.csproj)\"", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(5))
        .Select(match => match.Groups["path"].Value.Replace('\\', '/'));

    private static IEnumerable<string> FilterPaths()
    {
        using var filter = JsonDocument.Parse(RepositoryFiles.Read("Exchange.Embedded.slnf"));
        return [.. filter.RootElement.GetProperty("solution").GetProperty("projects").EnumerateArray()
            .Select(path => path.GetString()!.Replace('\\', '/'))];
    }

    private static IEnumerable<string> Sorted(IEnumerable<string> paths) => paths.Order(StringComparer.Ordinal);
}
