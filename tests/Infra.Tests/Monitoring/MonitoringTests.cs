using System.Text.Json;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Exchange.Infra.Tests.Monitoring;

/// <summary>Alerts and dashboards ask for what there is.</summary>
public sealed partial class MonitoringTests
{
    private const string Folder = "infra/monitoring";

    public static TheoryData<string> Dashboards => [.. DashboardNames];

    private static IEnumerable<string> DashboardNames =>
        Directory.EnumerateFiles(RepositoryRoot.Combine(Folder.Split('/')), "*.json", SearchOption.AllDirectories).Select(path => Path.GetFileName(path)).Order();

    private static IEnumerable<Node> Rules => Node.Read(Folder, "alerts.yaml")[0]["groups"].Items.SelectMany(group => group["rules"].Items);

    [Fact]
    public void Alerts_read_metrics_that_are_told() =>
        Assert.All(Rules, rule => Assert.All(PromQl.Metrics(rule["expr"].Text), metric => Assert.Contains(metric, ToldMetrics.Names)));

    [Fact]
    public void An_alert_says_how_bad_it_is_and_where_to_begin()
    {
        Assert.True(Rules.Count() >= 8);
        Assert.All(Rules, rule =>
        {
            Assert.Contains(rule["labels/severity"].Text, new[] { "critical", "warning" });
            Assert.Matches(@"^[A-Z].*\.$", rule["annotations/summary"].Text);
            Assert.Matches(@"^[A-Z].*\.$", rule["annotations/advice"].Text);
            Assert.Matches("^[1-9][0-9]*[smh]$", rule["for"].Text);   // what Azure's form is made from
        });
        Assert.Equal(Rules.Count(), Rules.Select(rule => rule["alert"].Text).Distinct().Count());
    }

    [Fact]
    public void The_operators_rules_are_the_alerts()
    {
        string path = RepositoryRoot.Combine(Folder.Split('/')) + "/prometheus-rule.yaml";
        IEnumerable<string> alerts = File.ReadAllLines(RepositoryRoot.Combine(Folder.Split('/')) + "/alerts.yaml").Where(line => !line.StartsWith('#')).Select(line => $"  {line}\n");
        string expected = $"""
            # Made from alerts.yaml; a test compares it and tells how to make it anew.
            apiVersion: monitoring.coreos.com/v1
            kind: PrometheusRule
            metadata:
              name: exchange
              namespace: exchange
            spec:

            """ + string.Concat(alerts);
        if (Environment.GetEnvironmentVariable("EXCHANGE_UPDATE_DOCS") == "1")
            File.WriteAllText(path, expected);

        Assert.True(
            File.ReadAllText(path) == expected,
            "infra/monitoring/prometheus-rule.yaml is stale. Make it anew: EXCHANGE_UPDATE_DOCS=1 dotnet test tests/Infra.Tests --filter The_operators_rules_are_the_alerts");
    }

    [Theory]
    [MemberData(nameof(Dashboards))]
    public void A_dashboard_reads_metrics_that_are_told(string name)
    {
        Node board = Node.Read(Folder, "dashboards", name)[0];
        string[] queries = [.. board["panels"].Items.SelectMany(panel => panel["targets"].Items).Select(target => target["expr"].Text)];
        string[] variables = [.. board["templating/list"].Items.Select(variable => variable["query"].Text).Where(query => query.StartsWith("label_values(", StringComparison.Ordinal))];

        Assert.True(queries.Length >= 10);
        Assert.All(queries, query => Assert.NotEmpty(PromQl.Metrics(query)));
        Assert.All(queries.SelectMany(PromQl.Metrics), metric => Assert.Contains(metric, ToldMetrics.Names));
        Assert.All(variables, query => Assert.Contains(query.Split('(', ',')[1], ToldMetrics.Names));
    }

    [SkippableFact]
    public void Prometheus_takes_the_alerts_and_the_queries_of_the_dashboards()
    {
        Skip.IfNot(Tool.IsThere("promtool"), "promtool is not installed");
        Assert.Contains("SUCCESS", Tool.Run("promtool", "check", "rules", $"{Folder}/alerts.yaml"), StringComparison.Ordinal);

        string rules = Path.GetTempFileName();
        try
        {
            IEnumerable<string> queries = DashboardNames.Select(name => Node.Read(Folder, "dashboards", name)[0])
                .SelectMany(board => board["panels"].Items).SelectMany(panel => panel["targets"].Items).Select(target => target["expr"].Text);
            File.WriteAllText(rules, JsonSerializer.Serialize(new
            {
                groups = new[] { new { name = "dashboards", rules = queries.Select((query, index) => new { record = $"query:{index}", expr = query }) } },
            }));
            Assert.Contains("SUCCESS", Tool.Run("promtool", "check", "rules", rules), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(rules);
        }
    }

    [Theory]
    [MemberData(nameof(Dashboards))]
    public void A_dashboard_is_whole(string name)
    {
        Node board = Node.Read(Folder, "dashboards", name)[0];
        Node[] panels = [.. board["panels"].Items];

        Assert.Equal(panels.Length, panels.Select(panel => panel["id"].Text).Distinct().Count());
        Assert.All(panels, panel => Assert.Equal("${datasource}", panel["datasource/uid"].Text));
        Assert.All(panels.Select(panel => panel["gridPos"]), place => Assert.InRange(place["x"].Number + place["w"].Number, 1, 24));
        HashSet<string> variables = [.. board["templating/list"].Items.Select(variable => variable["name"].Text)];
        Assert.All(board.All().Select(node => node.TextOrNull).OfType<string>().SelectMany(text => Variable().Matches(text)), match => Assert.Contains(match.Groups["name"].Value, variables));
        Assert.Contains($"dashboards/{name}", Node.Read(Folder, "kustomization.yaml")[0]["configMapGenerator"].Items[0]["files"].Items.Select(file => file.Text));
    }

    [Fact]
    public void Every_metric_of_the_code_is_in_the_document_of_operations()
    {
        string document = File.ReadAllText(RepositoryRoot.Combine("docs", "operations.md"));

        Assert.All(
            ToldMetrics.Own().Select(name => HistogramEnd().Replace(name, "")).Distinct(),
            name => Assert.True(document.Contains($"`{name}`", StringComparison.Ordinal), $"docs/operations.md does not tell of {name}"));
    }

    [Fact]
    public void Instruments_of_Orleans_are_those_of_the_version_in_use()
    {
        string? used = XDocument.Load(RepositoryRoot.Combine("Directory.Packages.props")).Descendants("PackageVersion")
            .FirstOrDefault(package => (string?)package.Attribute("Include") == "Microsoft.Orleans.Runtime")?.Attribute("Version")?.Value;
        string listed = File.ReadLines(RepositoryRoot.Combine(ToldMetrics.OrleansList.Split('/'))).First().Split(' ')[3];

        Assert.True(used is null || used == listed, $"{ToldMetrics.OrleansList} is of {listed}, and {used} is used: look what changed");
    }

    [Theory]
    [InlineData("sum by (le) (rate(a_bucket{x=\"b\"}[5m])) > 0.1 and on (i) c offset 5m", "a_bucket c")]
    [InlineData("histogram_quantile(0.99, sum by (le, i) (rate(a_ms_bucket{i=~\"$i\"}[1m])))", "a_ms_bucket")]
    [InlineData("a / b == 0", "a b")]
    [InlineData("deriv(lag[1h]) > 0 and lag > 1000000", "lag")]
    public void The_metrics_of_a_query_are_found(string query, string metrics) => Assert.Equal(metrics.Split(' '), PromQl.Metrics(query));

    [Fact]
    public void Names_are_made_as_the_server_makes_them()
    {
        Assert.Contains("exchange_edge_refusals_total", ToldMetrics.Names);
        Assert.Contains("order_processing_latency_ms_bucket", ToldMetrics.Names);
        Assert.Contains("venue_ready", ToldMetrics.Names);
        Assert.Contains("dotnet_gc_pause_time_seconds_total", ToldMetrics.Names);
        Assert.Contains("http_server_request_duration_seconds_count", ToldMetrics.Names);
        Assert.DoesNotContain("orders_processed", ToldMetrics.Names);
    }

    [GeneratedRegex(@"\$\{?(?<name>[a-z]\w*)", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Variable();

    [GeneratedRegex("_(bucket|sum|count)$", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex HistogramEnd();
}
