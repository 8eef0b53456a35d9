namespace Exchange.Tidy.Tests.Layers;

/// <summary>Which projects are built only where Orleans restores.</summary>
internal static class OrleansProjects
{
    private static readonly string[] Named = ["Grains.Interfaces", "Grains", "Silo"];

    /// <summary>Those three, and tests named after them (Grains.Tests, Silo.Acceptance).</summary>
    public static bool MayKnowOrleans(string project) =>
        Named.Any(name => project == name || project.StartsWith(name + ".", StringComparison.Ordinal));

    /// <summary>The projects that need Orleans, themselves or through what they refer to.</summary>
    public static HashSet<string> AllThatNeed(IReadOnlyCollection<ProjectFile> projects)
    {
        HashSet<string> needing = [.. projects.Select(project => project.Name).Where(MayKnowOrleans)];
        int before;
        do
        {
            before = needing.Count;
            needing.UnionWith(projects.Where(project => project.Projects.Any(needing.Contains)).Select(project => project.Name));
        }
        while (needing.Count > before);
        return needing;
    }
}
