namespace Exchange.Edge.Hosting;

/// <summary>Endpoints that only a benchmark wants; section <c>Bench</c> of the settings.</summary>
public sealed class BenchOptions
{
    public const string Section = "Bench";

    /// <summary>Serves POST /api/v1/bench/noop: reads the body, answers 200 bytes. What the server costs without the exchange.</summary>
    public bool NoopEndpoint { get; set; }
}
