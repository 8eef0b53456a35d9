using System.Collections.Immutable;

namespace Exchange.Edge.Hosting;

/// <summary>What must be true of the server, beside the venue, before it is sent work: its request path has run before.</summary>
/// <remarks>A host that warms it up puts one that is not warm into the services, and says when it is done.</remarks>
public sealed class Readiness
{
    private volatile bool _isWarm = true;

    /// <summary>What an operator should know of though work is taken, as a word of <see cref="Warnings"/>; null: nothing.</summary>
    public Func<string?> Warning { get; init; } = () => null;

    /// <summary>History is behind by more than a minute; so far that records it needs were let go.</summary>
    public static ImmutableArray<string> Warnings { get; } = ["history_behind", "history_let_go"];

    public bool IsWarm
    {
        get => _isWarm;
        set => _isWarm = value;
    }
}
