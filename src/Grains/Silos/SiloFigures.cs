using Exchange.Core.Port;

namespace Exchange.Grains.Silos;

/// <summary>What this silo counts of itself: its books' trades and pace, and what its clients asked for. Any thread.</summary>
public sealed class SiloFigures
{
    private readonly Lock _counting = new();

    /// <summary>For readers.</summary>
    public VenueFigures Venue { get; } = new();

    /// <summary>Trades of a book here that have become durable.</summary>
    internal void CountTrades(long more)
    {
        lock (_counting)
            Venue.CountTrades((int)more);
    }

    /// <summary>A book here took so long over what came to it.</summary>
    internal void SampleBook(TimeSpan took)
    {
        lock (_counting)
            Venue.SampleEngine(took.Ticks * TimeSpan.NanosecondsPerTick);
    }

    /// <summary>A command of a client here was answered.</summary>
    internal void CountCommand(CommandKind kind, bool isRefused)
    {
        lock (_counting)
            Venue.CountCommand(kind, isRefused);
    }

    /// <summary>A command of a client here was not taken for overload.</summary>
    internal void CountShed(CommandKind kind) => Venue.CountShed(kind);
}
