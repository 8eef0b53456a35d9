using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace Exchange.Infra.Tests.Support;

/// <summary>What Kustomize makes of an overlay.</summary>
internal static partial class Overlays
{
    public const string Folder = "infra/kubernetes/overlays";

    /// <summary>Before this Kustomize did not know what the files use.</summary>
    private const int LeastMajor = 5;

    private static readonly ConcurrentDictionary<string, Lazy<Cluster>> Rendered = new();
    private static readonly Lazy<string[]?> Command = new(Find);

    public static TheoryData<string> Names => [.. Directory.EnumerateDirectories(RepositoryRoot.Combine(Folder.Split('/'))).Select(path => Path.GetFileName(path)).Order()];

    /// <summary>The overlay's objects; the test is skipped where no Kustomize is.</summary>
    public static Cluster Render(string overlay)
    {
        Skip.If(Command.Value is null, "neither kubectl nor kustomize with Kustomize 5 is installed");
        return Rendered.GetOrAdd(overlay, name => new Lazy<Cluster>(
            () => new Cluster(Node.Parse(Tool.Run(Command.Value![0], Command.Value[1], $"{Folder}/{name}"), name)))).Value;
    }

    private static string[]? Find()
    {
        if (Tool.IsThere("kubectl") && IsNewEnough(Tool.Run("kubectl", "version", "--client")))
            return ["kubectl", "kustomize"];
        return Tool.IsThere("kustomize") && IsNewEnough(Tool.Run("kustomize", "version")) ? ["kustomize", "build"] : null;
    }

    // "Kustomize Version: v5.5.0" of kubectl, "v5.5.0" of kustomize itself.
    private static bool IsNewEnough(string told) =>
        Version().Matches(told) is { Count: > 0 } versions && int.Parse(versions[^1].Groups["major"].Value) >= LeastMajor;

    [GeneratedRegex(@"^(Kustomize Version: )?v(?<major>\d+)\.", RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Version();
}
