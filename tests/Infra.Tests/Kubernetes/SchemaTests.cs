namespace Exchange.Infra.Tests.Kubernetes;

/// <summary>Objects have the fields that Kubernetes knows, of the right kind.</summary>
public sealed class SchemaTests
{
    /// <summary>Kinds of add-ons: their fields are not listed here.</summary>
    private static readonly string[] OfOthers = ["SecretProviderClass", "ServiceMonitor", "PrometheusRule"];

    public static TheoryData<string> All => Overlays.Names;

    [SkippableTheory]
    [MemberData(nameof(All))]
    public void Every_field_is_one_that_Kubernetes_knows(string overlay)
    {
        Cluster cluster = Overlays.Render(overlay);

        string[] faults = [.. cluster.Objects
            .Where(one => !OfOthers.Contains(one["kind"].Text))
            .SelectMany(one => Schema.Knows(one["kind"].Text) ? Schema.Faults(one, one["kind"].Text) : [$"{one["kind"].Text} is no kind listed"])];

        Assert.True(faults.Length == 0, string.Join('\n', faults));
    }

    [Theory]
    [InlineData("metadata: {name: a}\nspec: {selecter: {a: b}}", "ServiceSpec has no selecter")]
    [InlineData("spec: {ports: [{name: a}]}", "ServicePort wants port")]
    [InlineData("spec: {ports: [{port: \"80\"}]}", "80 is not a i")]
    [InlineData("spec: {selector: {a: true}}", "true is not a s")]
    [InlineData("spec: {ports: {port: 80}}", "not a list")]
    [InlineData("spec: {publishNotReadyAddresses: maybe}", "maybe is not a b")]
    public void A_wrong_field_is_found(string service, string told) =>
        Assert.EndsWith(told, Assert.Single(Schema.Faults(Node.Parse(service, "a")[0], "Service")), StringComparison.Ordinal);

    [Fact]
    public void A_right_one_passes() => Assert.Empty(Schema.Faults(
        Node.Parse("apiVersion: v1\nkind: Service\nmetadata: {name: a, labels: {b: \"1\"}}\nspec: {selector: {b: \"1\"}, ports: [{port: 80, targetPort: http}]}", "a")[0], "Service"));
}
