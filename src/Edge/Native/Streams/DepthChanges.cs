using Exchange.Core.Orders;

namespace Exchange.Edge.Native.Streams;

/// <summary>Changes of a book, of each level only its last total: 0 lots, it is gone.</summary>
internal sealed class DepthChanges
{
    private readonly Dictionary<long, long> _bids = [];
    private readonly Dictionary<long, long> _asks = [];

    /// <summary>Number of the first change in it; 0: none.</summary>
    public ulong First { get; set; }

    public ulong Last { get; set; }

    public long TimeMs { get; set; }

    public bool IsEmpty => First == 0;

    public IReadOnlyDictionary<long, long> Bids => _bids;

    public IReadOnlyDictionary<long, long> Asks => _asks;

    public void Set(Side side, long priceTicks, long lots) => (side == Side.Buy ? _bids : _asks)[priceTicks] = lots;

    public void Clear()
    {
        _bids.Clear();
        _asks.Clear();
        First = 0;
    }
}
