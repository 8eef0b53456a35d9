using System.Collections.Concurrent;

namespace Exchange.Infra.Tests.Support;

/// <summary>What Kustomize makes of an overlay.</summary>
internal static class Overlays
{
    public const string Folder = "infra/kubernetes/overlays";

    private static readonly ConcurrentDictionary<string, Lazy<Cluster>> Rendered = new();

    public static TheoryData<string> Names => [.. Directory.EnumerateDirectories(RepositoryRoot.Combine(Folder.Split('/'))).Select(path => Path.GetFileName(path)).Order()];

    /// <summary>The overlay's objects; the test is skipped where no Kustomize is.</summary>
    public static Cluster Render(string overlay)
    {
        string? tool = new[] { "kubectl", "kustomize" }.FirstOrDefault(Tool.IsThere);
        Skip.If(tool is null, "neither kubectl nor kustomize is installed");
        return Rendered.GetOrAdd(overlay, name => new Lazy<Cluster>(
            () => new Cluster(Node.Parse(Tool.Run(tool!, tool == "kubectl" ? "kustomize" : "build", $"{Folder}/{name}"), name)))).Value;
    }
}
