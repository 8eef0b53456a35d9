using Exchange.Core.Instruments;
using Exchange.Core.Orders;

namespace Exchange.Core;

/// <summary>What an account decides with: instruments, marks, last prices, states; by symbol id (order of listing).</summary>
/// <remarks>The host keeps it. Embedded has one; a cluster's silo has one fed by numbered mark updates.</remarks>
public sealed class MarketTable
{
    private Entry[] _entries = new Entry[8];

    public int Count { get; private set; }

    /// <summary>The entry of a listed symbol, to read or to update.</summary>
    public ref Entry this[int symbol]
    {
        get
        {
            Invariant.Holds((uint)symbol < (uint)Count);
            return ref _entries[symbol];
        }
    }

    public bool IsListed(int symbol) => (uint)symbol < (uint)Count;

    /// <summary>Lists an instrument under the next symbol id.</summary>
    public int Add(Instrument instrument)
    {
        Invariant.Holds(instrument.SymbolId == Count);
        if (Count == _entries.Length)
            Array.Resize(ref _entries, Count * 2);
        _entries[Count] = new Entry { Instrument = instrument };
        return Count++;
    }

    /// <summary>One symbol's market as accounts see it.</summary>
    public struct Entry
    {
        public Instrument Instrument;

        /// <summary>Mark price; 0: none yet, the symbol does not trade and its notionals count as 0.</summary>
        public long MarkTicks;
        public TradingState State;

        /// <summary>The mark is held for want of a fresh index: no liquidation of pools that hold the symbol.</summary>
        public bool IsStale;
    }
}
