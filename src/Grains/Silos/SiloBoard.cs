using Exchange.Core;
using Exchange.Core.Nodes;

namespace Exchange.Grains.Silos;

/// <summary>The silo's table of marks: fed by its <see cref="SiloGrain"/>, read by every account that lives here.</summary>
public sealed class SiloBoard
{
    private volatile MarketTable _current = new();

    /// <summary>As it stands; it does not change any more.</summary>
    public MarketTable Current => _current;

    /// <summary>The operator has said what is listed.</summary>
    public bool IsTold { get; internal set; }

    internal MarketBoard Board { get; } = new();

    internal void Publish(long nowMs)
    {
        Board.Publish(nowMs);
        _current = Board.Current;
    }
}
