using System.Text.RegularExpressions;

namespace Exchange.Infra.Tests.Compose;

/// <summary>The compose file and what it mounts.</summary>
public sealed partial class ComposeTests
{
    private const string Folder = "infra/compose";

    private static readonly Node File = Node.Read(Folder, "compose.yaml")[0];

    private static IEnumerable<(string Name, Node Service)> Services => File["services"].Keys.Select(name => (name, File["services"][name]));

    [Fact]
    public void There_are_three_silos_and_what_they_need() =>
        Assert.Equal(
            ["grafana", "migrate", "postgres", "prometheus", "redis", "silo-1", "silo-2", "silo-3"], File["services"].Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Each_silo_is_known_by_its_own_name_and_else_as_the_others()
    {
        string[] own = ["Silo__Name", "Silo__Address"];
        foreach ((string name, Node service) in Services.Where(service => service.Name.StartsWith("silo-", StringComparison.Ordinal)))
        {
            IReadOnlyDictionary<string, string> environment = service["environment"].Texts;
            Assert.All(own, variable => Assert.Equal(name, environment[variable]));
            Assert.Equal(
                File["x-silo/environment"].Texts.OrderBy(one => one.Key, StringComparer.Ordinal),
                environment.Where(one => !own.Contains(one.Key)).OrderBy(one => one.Key, StringComparer.Ordinal));
        }
    }

    [Fact]
    public void Services_networks_and_volumes_that_a_service_names_exist()
    {
        foreach ((string _, Node service) in Services)
        {
            Assert.All(service["depends_on"].Keys.Concat(service["depends_on"].Items.Select(item => item.Text)), other => Assert.Contains(other, File["services"].Keys));
            Assert.All(service["depends_on"].Keys.Where(other => service["depends_on"][other]["condition"].Text == "service_healthy"), other =>
                Assert.True(File["services"][other]["healthcheck"].Exists, other));
            Assert.All(service["networks"].Items, network => Assert.Contains(network.Text, File["networks"].Keys));
            foreach (string source in service["volumes"].Items.Select(volume => volume.Text.Split(':')[0]))
                Assert.True(source[0] == '.' ? Path.Exists(RepositoryRoot.Combine("infra", "compose", source)) : File["volumes"].Keys.Contains(source), source);
        }
    }

    [Fact]
    public void Images_have_a_version()
    {
        Assert.All(Services, service => Assert.Matches(@"^[a-z0-9./-]+:v?\d+\.\d+[a-z0-9.-]*$", service.Service["image"].Text));
        Assert.All(Services, service => Assert.NotEqual("latest", service.Service["image"].Text.Split(':')[1]));
    }

    [Fact]
    public void What_must_be_given_from_outside_is_in_the_document()
    {
        string readme = System.IO.File.ReadAllText(RepositoryRoot.Combine("infra", "README.md"));
        string[] wanted = [.. Given().Matches(System.IO.File.ReadAllText(RepositoryRoot.Combine("infra", "compose", "compose.yaml"))).Select(match => match.Groups["name"].Value).Distinct()];

        Assert.NotEmpty(wanted);
        Assert.All(wanted, name => Assert.Contains($"{name}=", readme, StringComparison.Ordinal));
    }

    [Fact]
    public void Only_this_machine_reaches_what_is_published() => Assert.All(
        Services.SelectMany(service => service.Service["ports"].Items), port => Assert.StartsWith("127.0.0.1:", port.Text, StringComparison.Ordinal));

    [Fact]
    public void The_database_is_set_as_operations_ask_for_everywhere()
    {
        string[] asked = ["min_wal_size=2GB", "max_wal_size=8GB", "checkpoint_timeout=15min"];
        string bicep = System.IO.File.ReadAllText(RepositoryRoot.Combine("infra", "azure", "database.bicep"));
        Node inCluster = Node.Read("infra/kubernetes/components/postgres/postgres.yaml").Single(one => one["kind"].Text == "StatefulSet");

        Assert.All(asked, setting => Assert.Contains(setting, File["services/postgres/command"].Items.Select(word => word.Text)));
        Assert.All(asked, setting => Assert.Contains(setting, inCluster["spec/template/spec/containers"].Items[0]["args"].Items.Select(word => word.Text)));
        Assert.Contains("| `min_wal_size`, `max_wal_size` | 2 GB, 8 GB |", System.IO.File.ReadAllText(RepositoryRoot.Combine("docs", "operations.md")), StringComparison.Ordinal);
        Assert.All(["'min_wal_size', value: '2048'", "'max_wal_size', value: '8192'", "'checkpoint_timeout', value: '900'"], setting => Assert.Contains(setting, bicep, StringComparison.Ordinal));
    }

    [Fact]
    public void Prometheus_asks_every_silo_where_it_listens()
    {
        Node prometheus = Node.Read(Folder, "prometheus.yml")[0];
        Node job = Assert.Single(prometheus["scrape_configs"].Items);
        string[] silos = [.. Services.Where(service => service.Name.StartsWith("silo-", StringComparison.Ordinal))
            .Select(service => $"{service.Name}:{service.Service["environment"].Texts["Urls"].Split(':')[^1]}")];

        Assert.Equal(silos, job["static_configs"].Items[0]["targets"].Items.Select(target => target.Text));
        Assert.Equal("exchange", job["job_name"].Text);   // as alerts and dashboards name it
        Assert.Contains(MountPoints("prometheus"), point => point == prometheus["rule_files"].Items[0].Text);
    }

    [Fact]
    public void Grafana_finds_its_dashboards_and_its_Prometheus()
    {
        Node provider = Node.Read(Folder, "grafana/provisioning/dashboards/exchange.yaml")[0]["providers"].Items[0];
        Node source = Node.Read(Folder, "grafana/provisioning/datasources/prometheus.yaml")[0]["datasources"].Items[0];

        Assert.Contains(MountPoints("grafana"), point => point == provider["options/path"].Text);
        Assert.Contains(MountPoints("grafana"), point => point == "/etc/grafana/provisioning");
        Assert.Equal(9090, new Uri(source["url"].Text).Port);
        Assert.Contains(new Uri(source["url"].Text).Host, File["services"].Keys);
    }

    private static IEnumerable<string> MountPoints(string service) =>
        File["services"][service]["volumes"].Items.Select(volume => volume.Text.Split(':')[1]);

    [GeneratedRegex(@"\$\{(?<name>\w+)", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Given();
}
