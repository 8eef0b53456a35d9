namespace Exchange.Edge.Hosting;

/// <summary>Endpoints that only a benchmark wants; section <c>Bench</c> of the settings.</summary>
public sealed class BenchOptions
{
    public const string Section = "Bench";

    /// <summary>Serves POST /api/v1/bench/noop: reads the body, answers 200 bytes. What the server costs without the exchange.</summary>
    public bool NoopEndpoint { get; set; }

    /// <summary>
    /// Serves WebSockets at /api/v1/bench/broadcast and …/source: what is sent to the latter goes to all of the former, as it is. What
    /// streams cost without the exchange.
    /// </summary>
    public bool Broadcast { get; set; }
}
