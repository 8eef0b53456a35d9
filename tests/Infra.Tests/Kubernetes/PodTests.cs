using System.Globalization;
using System.Xml.Linq;

namespace Exchange.Infra.Tests.Kubernetes;

/// <summary>What pods of the exchange are like.</summary>
public sealed class PodTests
{
    private const int ServersOwnGraceSeconds = 30;

    public static TheoryData<string> All => Overlays.Names;

    [SkippableTheory]
    [MemberData(nameof(All))]
    public void Probes_ask_the_servers_own_endpoints_at_a_port_of_the_container(string overlay)
    {
        Cluster cluster = Overlays.Render(overlay);

        foreach (Node workload in Silos(cluster))
        {
            Node silo = Silo(workload);
            Assert.Equal("/health/live", silo["startupProbe/httpGet/path"].Text);
            Assert.Equal("/health/live", silo["livenessProbe/httpGet/path"].Text);
            Assert.Equal("/health/ready", silo["readinessProbe/httpGet/path"].Text);
            Assert.All(silo.Keys.Where(key => key.EndsWith("Probe", StringComparison.Ordinal)), probe =>
            {
                Assert.True(Cluster.HasPort(workload, silo[probe]["httpGet/port"].Text));
                Assert.Contains(silo[probe]["httpGet/path"].Text, ServedPaths());
            });
            Assert.True(silo["startupProbe/failureThreshold"].Number * silo["startupProbe/periodSeconds"].Number >= 60, "recovery may take a minute");
        }
    }

    [SkippableTheory]
    [MemberData(nameof(All))]
    public void The_port_that_servers_listen_on_is_the_port_of_their_containers(string overlay)
    {
        Cluster cluster = Overlays.Render(overlay);

        Assert.All(Silos(cluster), workload =>
        {
            IReadOnlyDictionary<string, string> environment = cluster.Environment(Silo(workload));
            Assert.Equal($"http://+:{PortOf(workload, "http")}", environment["Urls"]);
        });
    }

    [SkippableTheory]
    [MemberData(nameof(All))]
    public void A_pod_is_given_longer_to_end_than_its_server_takes(string overlay) => Assert.All(Silos(Overlays.Render(overlay)), workload =>
    {
        long pause = Silo(workload)["lifecycle/preStop/sleep/seconds"].TextOrNull is { } seconds ? long.Parse(seconds, CultureInfo.InvariantCulture) : 0;
        Assert.True(Cluster.Pod(workload)["terminationGracePeriodSeconds"].Number >= pause + ServersOwnGraceSeconds + 20, workload["metadata/name"].Text);
    });

    [SkippableTheory]
    [MemberData(nameof(All))]
    public void Pods_of_the_exchange_may_do_nothing_to_their_node(string overlay)
    {
        Cluster cluster = Overlays.Render(overlay);
        Assert.Equal("restricted", cluster.Get("Namespace", "exchange")["metadata/labels"].Entry("pod-security.kubernetes.io/enforce").Text);

        foreach (Node workload in cluster.Workloads.Where(workload => Cluster.Space(workload) == "exchange"))
        {
            Node pod = Cluster.Pod(workload);
            Assert.Equal("true", pod["securityContext/runAsNonRoot"].Text);
            Assert.Equal("RuntimeDefault", pod["securityContext/seccompProfile/type"].Text);
            Assert.Equal("false", pod["automountServiceAccountToken"].Text);
            Assert.False(pod["hostPID"].Exists || pod["hostNetwork"].Exists || pod["hostIPC"].Exists);
            Assert.All(Cluster.Containers(workload), container =>
            {
                Assert.Equal("false", container["securityContext/allowPrivilegeEscalation"].Text);
                Assert.Equal("ALL", Assert.Single(container["securityContext/capabilities/drop"].Items).Text);
                Assert.True(container["resources/limits/memory"].Exists);
            });
        }
    }

    [SkippableTheory]
    [MemberData(nameof(All))]
    public void Images_are_the_projects_own_of_this_version_or_of_a_named_one(string overlay)
    {
        string version = XDocument.Load(RepositoryRoot.Combine("Directory.Build.props")).Descendants("Version").Single().Value;

        Assert.All(Overlays.Render(overlay).Workloads.SelectMany(Cluster.Containers).Select(container => container["image"].Text), image =>
        {
            string[] parts = image.Split('/')[^1].Split(':');
            Assert.Equal(2, parts.Length);
            Assert.NotEqual("latest", parts[1]);
            if (parts[0].StartsWith("exchange", StringComparison.Ordinal))
                Assert.Equal(version, parts[1]);
        });
    }

    [SkippableFact]
    public void An_engine_has_whole_processors_of_its_own_and_its_heap_in_huge_pages()
    {
        Cluster cluster = Overlays.Render("production");
        Node engine = cluster.Get("StatefulSet", "exchange-engine");
        Node silo = Assert.Single(Cluster.Containers(engine));
        Node requests = silo["resources/requests"];
        IReadOnlyDictionary<string, string> environment = cluster.Environment(silo);

        // Guaranteed: requests are limits; the static policy pins whole processors only.
        Assert.Equal(silo["resources/limits"].Texts.OrderBy(one => one.Key), requests.Texts.OrderBy(one => one.Key));
        Assert.True(requests["cpu"].Number >= 2);
        Assert.Equal("1", environment["DOTNET_GCLargePages"]);
        // The runtime sets twice the limit apart at once.
        Assert.Equal(Bytes(requests.Entry("hugepages-2Mi").Text), 2 * Convert.ToInt64(environment["DOTNET_GCHeapHardLimit"], 16));
        Node anti = Assert.Single(Cluster.Pod(engine)["affinity/podAntiAffinity/requiredDuringSchedulingIgnoredDuringExecution"].Items);
        Assert.Equal("kubernetes.io/hostname", anti["topologyKey"].Text);
        Assert.True(Cluster.Matches(anti["labelSelector"], Cluster.PodLabels(engine)));
        Assert.All(Cluster.Pod(engine)["topologySpreadConstraints"].Items, spread => Assert.True(Cluster.Matches(spread["labelSelector"], Cluster.PodLabels(engine))));
        Assert.True(engine["spec/replicas"].Number >= 3);
    }

    [SkippableFact]
    public void Engine_nodes_set_as_many_huge_pages_apart_as_an_engine_asks_for()
    {
        Cluster cluster = Overlays.Render("production");
        Node engine = cluster.Get("StatefulSet", "exchange-engine");
        Node tuning = cluster.Get("DaemonSet", "exchange-node-tuning");
        long pages = long.Parse(cluster.Environment(Cluster.Containers(tuning).First())["EXCHANGE_HUGE_PAGES"], CultureInfo.InvariantCulture);

        Assert.Equal(Bytes(Silo(engine)["resources/requests"].Entry("hugepages-2Mi").Text), pages << 21);
        Assert.Equal(Cluster.Pod(engine)["nodeSelector"].Texts, Cluster.Pod(tuning)["nodeSelector"].Texts);
        Assert.Equal(Cluster.Pod(engine)["tolerations"].Items[0].Entry("key").Text, Cluster.Pod(tuning)["tolerations"].Items[0].Entry("key").Text);
        Assert.Equal(
            File.ReadAllText(RepositoryRoot.Combine("infra", "host-tuning", "90-exchange.conf")),
            cluster.Get("ConfigMap", Cluster.Pod(tuning)["volumes"].Items[0]["configMap/name"].Text)["data"].Entry("90-exchange.conf").Text);
    }

    private static IEnumerable<Node> Silos(Cluster cluster) => cluster.Workloads.Where(workload => Cluster.PodLabels(workload).ContainsKey("exchange/silo"));

    private static Node Silo(Node workload) => Cluster.Containers(workload).Single(container => container["name"].Text == "silo");

    private static string PortOf(Node workload, string name) =>
        Silo(workload)["ports"].Items.Single(port => port["name"].Text == name)["containerPort"].Text;

    private static string[] ServedPaths() => [.. SourceTree.Of("Edge")
        .SelectMany(root => root.DescendantNodes().OfType<Microsoft.CodeAnalysis.CSharp.Syntax.LiteralExpressionSyntax>())
        .Select(literal => SourceTree.Literal(literal)).OfType<string>().Where(text => text.StartsWith('/'))];

    private static long Bytes(string quantity) => quantity[^2..] switch
    {
        "Gi" => long.Parse(quantity[..^2], CultureInfo.InvariantCulture) << 30,
        "Mi" => long.Parse(quantity[..^2], CultureInfo.InvariantCulture) << 20,
        _ => throw new FormatException(quantity),
    };
}
