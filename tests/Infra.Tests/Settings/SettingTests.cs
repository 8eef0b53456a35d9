using System.Text.RegularExpressions;

namespace Exchange.Infra.Tests.Settings;

/// <summary>No environment variable of a manifest is a misspelt setting.</summary>
public sealed partial class SettingTests
{
    private static readonly string[] Silo = ["Silo", "Grains", "Edge"];

    public static TheoryData<string> All => Overlays.Names;

    [SkippableTheory]
    [MemberData(nameof(All))]
    public void Every_variable_of_a_pod_is_one_that_its_program_knows(string overlay)
    {
        Cluster cluster = Overlays.Render(overlay);

        foreach (Node container in cluster.Workloads.SelectMany(Cluster.Containers))
            AssertKnown(container["image"].Text, cluster.Environment(container).Keys, container);
    }

    [Fact]
    public void Every_variable_of_the_compose_file_is_one_that_its_program_knows()
    {
        Node services = Node.Read("infra/compose/compose.yaml")[0]["services"];

        foreach (Node service in services.Keys.Select(name => services[name]))
            AssertKnown(service["image"].Text, service["environment"].Keys, service);
    }

    [Theory]
    [InlineData("Telemetry__MetricsToAnyone", true)]
    [InlineData("Urls", true)]
    [InlineData("Keys__MasterKeyFile", true)]
    [InlineData("Logging__LogLevel__Default", true)]
    [InlineData("Telemetry__MetricsToAnybody", false)]
    [InlineData("Edge__Proxies", false)]
    public void A_misspelt_one_is_found(string variable, bool isKnown) => Assert.Equal(isKnown, KnownSettings.Knows(variable, "Edge"));

    private static void AssertKnown(string image, IEnumerable<string> variables, Node place)
    {
        // What other people's images take is theirs to say.
        if (!image.Split('/')[^1].StartsWith("exchange-silo", StringComparison.Ordinal))
            return;
        string[] unknown = [.. variables.Where(variable => !OfTheRuntime().IsMatch(variable) && !KnownSettings.Knows(variable, Silo))];
        if (!SourceTree.HasProject("Silo"))
            unknown = [.. unknown.Where(variable => !variable.StartsWith("Silo__", StringComparison.Ordinal))];
        Assert.True(unknown.Length == 0, $"{place.Place}: no setting: {string.Join(", ", unknown)}");
    }

    /// <summary>Of .NET, and what Npgsql takes for a connection string that does not say.</summary>
    [GeneratedRegex("^(DOTNET_[A-Za-z_]+|PGPASSWORD)$", RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex OfTheRuntime();
}
