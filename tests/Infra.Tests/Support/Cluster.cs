namespace Exchange.Infra.Tests.Support;

/// <summary>The objects of one overlay, and how they refer to each other.</summary>
internal sealed class Cluster(IReadOnlyList<Node> objects)
{
    private static readonly string[] WorkloadKinds = ["Deployment", "StatefulSet", "DaemonSet", "Job"];

    public IReadOnlyList<Node> Objects => objects;

    public IEnumerable<Node> Of(string kind) => objects.Where(one => one["kind"].Text == kind);

    public Node Get(string kind, string name) => Of(kind).Single(one => one["metadata/name"].Text == name);

    public bool Has(string kind, string name, string space) =>
        Of(kind).Any(one => one["metadata/name"].Text == name && Space(one) == space);

    /// <summary>What makes pods.</summary>
    public IEnumerable<Node> Workloads => objects.Where(one => WorkloadKinds.Contains(one["kind"].Text));

    public static string Space(Node one) => one["metadata/namespace"].TextOrNull ?? "";

    public static Node Pod(Node workload) => workload["spec/template/spec"];

    public static IReadOnlyDictionary<string, string> PodLabels(Node workload) => workload["spec/template/metadata/labels"].Texts;

    public static IEnumerable<Node> Containers(Node workload) => Pod(workload)["initContainers"].Items.Concat(Pod(workload)["containers"].Items);

    /// <summary>The workloads of a namespace whose pods a selector selects.</summary>
    public IReadOnlyList<Node> Selected(string space, Node selector) =>
        [.. Workloads.Where(workload => Space(workload) == space && Matches(selector, PodLabels(workload)))];

    /// <summary>A label selector: <c>matchLabels</c> and <c>matchExpressions</c> with In; an empty one selects all.</summary>
    public static bool Matches(Node selector, IReadOnlyDictionary<string, string> labels) =>
        MatchesLabels(selector["matchLabels"], labels) && selector["matchExpressions"].Items.All(expression =>
        {
            Assert.Equal("In", expression["operator"].Text);
            return labels.TryGetValue(expression["key"].Text, out string? value) && expression["values"].Items.Any(item => item.Text == value);
        });

    public static bool MatchesLabels(Node wanted, IReadOnlyDictionary<string, string> labels) =>
        wanted.Texts.All(label => labels.TryGetValue(label.Key, out string? value) && value == label.Value);

    /// <summary>Whether pods of the workload have a port of this name or number.</summary>
    public static bool HasPort(Node workload, string port) => Pod(workload)["containers"].Items
        .SelectMany(container => container["ports"].Items)
        .Any(one => one["name"].TextOrNull == port || one["containerPort"].Text == port);

    /// <summary>The environment of a container: what its config maps and its own list say; those from a secret without their value.</summary>
    public IReadOnlyDictionary<string, string> Environment(Node container)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Node source in container["envFrom"].Items)
        foreach ((string name, string value) in Get("ConfigMap", source["configMapRef/name"].Text)["data"].Texts)
            variables[name] = value;
        foreach (Node variable in container["env"].Items)
            variables[variable["name"].Text] = variable["value"].TextOrNull ?? "";
        return variables;
    }
}
