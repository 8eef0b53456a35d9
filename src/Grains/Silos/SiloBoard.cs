using Exchange.Core;
using Exchange.Core.Nodes;

namespace Exchange.Grains.Silos;

/// <summary>The silo's table of marks: fed by its <see cref="SiloGrain"/>, read by every account that lives here.</summary>
public sealed class SiloBoard
{
    private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile MarketTable _current = new();

    /// <summary>As it stands; it does not change any more.</summary>
    public MarketTable Current => _current;

    /// <summary>Completes when the operator has said what is listed.</summary>
    public Task Told => _told.Task;

    internal MarketBoard Board { get; } = new();

    internal void IsTold() => _told.TrySetResult();

    internal void Publish(long nowMs)
    {
        Board.Publish(nowMs);
        _current = Board.Current;
    }
}
