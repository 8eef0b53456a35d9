namespace Exchange.Acceptance.Processes;

/// <summary>How a test starts the server.</summary>
internal sealed record ServerSettings
{
    public string Environment { get; init; } = "Development";

    /// <summary>Port 0: the system chooses a free one, and the server tells which.</summary>
    public string Url { get; init; } = "http://127.0.0.1:0";

    /// <summary>False: started without <c>--data</c>.</summary>
    public bool NamesFolder { get; init; } = true;

    /// <summary>False: a test may send as fast as it can.</summary>
    public bool HasClientLimits { get; init; }

    /// <summary>True: it runs its request path before it is ready, as it does for an operator; tests that start many servers do without.</summary>
    public bool WarmsUp { get; init; }

    /// <summary>Further arguments.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    public IReadOnlyDictionary<string, string?> Variables { get; init; } = new Dictionary<string, string?>();
}
