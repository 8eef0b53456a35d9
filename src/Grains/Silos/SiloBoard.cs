using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Nodes;

namespace Exchange.Grains.Silos;

/// <summary>The silo's table of marks: fed by its <see cref="SiloGrain"/>, read by every account that lives here.</summary>
public sealed class SiloBoard
{
    private readonly TaskCompletionSource _told = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile MarketTable _current = new();
    private volatile Instrument[] _instruments = [];

    /// <summary>As it stands; it does not change any more.</summary>
    public MarketTable Current => _current;

    /// <summary>All that are listed, by symbol id; replaced as a whole.</summary>
    public IReadOnlyList<Instrument> Instruments => _instruments;

    /// <summary>Completes when the operator has said what is listed.</summary>
    public Task Told => _told.Task;

    internal MarketBoard Board { get; } = new();

    internal void IsTold() => _told.TrySetResult();

    internal void Publish(long nowMs)
    {
        Board.Publish(nowMs);
        MarketTable current = Board.Current;
        bool hasChanged = current.InstrumentsVersion != _current.InstrumentsVersion;
        _current = current;
        if (hasChanged)
            _instruments = [.. Enumerable.Range(0, current.Count).Select(symbol => current[symbol].Instrument)];
    }
}
