namespace Exchange.Edge.Hosting;

/// <summary>What must be true of the server, beside the venue, before it is sent work: its request path has run before.</summary>
/// <remarks>A host that warms it up puts one that is not warm into the services, and says when it is done.</remarks>
public sealed class Readiness
{
    private volatile bool _isWarm = true;

    public bool IsWarm
    {
        get => _isWarm;
        set => _isWarm = value;
    }
}
