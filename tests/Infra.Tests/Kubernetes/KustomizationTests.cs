namespace Exchange.Infra.Tests.Kubernetes;

/// <summary>What can be said of the files without Kustomize.</summary>
public sealed class KustomizationTests
{
    private static readonly string[] Kustomizations =
    [
        .. Directory.EnumerateFiles(RepositoryRoot.Combine("infra"), "kustomization.yaml", SearchOption.AllDirectories).Order(),
    ];

    [Fact]
    public void Every_file_that_a_kustomization_names_exists()
    {
        Assert.True(Kustomizations.Length >= 5);
        Assert.All(Kustomizations, file => Assert.All(Named(file), named =>
            Assert.True(File.Exists(named) || File.Exists(Path.Combine(named, "kustomization.yaml")), $"{file} names {named}")));
    }

    [Fact]
    public void Every_manifest_is_named_by_a_kustomization()
    {
        HashSet<string> named = [.. Kustomizations.SelectMany(Named)];
        string[] folders = [RepositoryRoot.Combine("infra", "kubernetes"), RepositoryRoot.Combine("infra", "monitoring"), RepositoryRoot.Combine("infra", "host-tuning")];

        Assert.All(
            folders.SelectMany(folder => Directory.EnumerateFiles(folder, "*.*", SearchOption.AllDirectories))
                .Where(file => Path.GetExtension(file) is ".yaml" or ".env" && Path.GetFileName(file) is not ("kustomization.yaml" or "alerts.yaml")),
            file => Assert.Contains(file, named));
    }

    [Fact]
    public void Every_yaml_and_json_file_of_infra_parses()
    {
        string infra = RepositoryRoot.Combine("infra");
        string[] files = [.. Directory.EnumerateFiles(infra, "*.*", SearchOption.AllDirectories).Where(file => Path.GetExtension(file) is ".yaml" or ".yml" or ".json")];

        Assert.NotEmpty(files);
        Assert.All(files, file => Assert.NotEmpty(Node.Parse(File.ReadAllText(file), file)));
    }

    [Fact]
    public void No_secret_stands_in_a_file()
    {
        IEnumerable<Node> documents = Directory.EnumerateFiles(RepositoryRoot.Combine("infra"), "*.yaml", SearchOption.AllDirectories)
            .SelectMany(file => Node.Parse(File.ReadAllText(file), file));

        Assert.All(documents, document =>
        {
            Assert.NotEqual("Secret", document["kind"].TextOrNull);
            Assert.False(document["secretGenerator"].Exists, document.Place);
        });
    }

    private static IEnumerable<string> Named(string file)
    {
        Node kustomization = Assert.Single(Node.Parse(File.ReadAllText(file), file));
        IEnumerable<Node> generated = kustomization["configMapGenerator"].Items.SelectMany(generator => generator["files"].Items.Concat(generator["envs"].Items));
        return kustomization["resources"].Items
            .Concat(kustomization["components"].Items)
            .Concat(kustomization["patches"].Items.Select(patch => patch["path"]).Where(path => path.Exists))
            .Concat(generated)
            .Select(name => Path.GetFullPath(Path.Combine(Path.GetDirectoryName(file)!, name.Text)));
    }
}
