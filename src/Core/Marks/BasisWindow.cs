using Exchange.Core.Wire;

namespace Exchange.Core.Marks;

/// <summary>The last 30 samples of how far the middle of the book stood from the index, and their sum.</summary>
/// <remarks>In 1e-8 USDT, doubled, so that half a tick is a whole number: bid + ask - 2 * index.</remarks>
public sealed class BasisWindow
{
    public const int Samples = 30;

    private readonly Int128[] _doubledE8 = new Int128[Samples];
    private int _next;

    /// <summary>Samples held, at most 30.</summary>
    public int Count { get; private set; }

    /// <summary>Sum of the doubled samples held.</summary>
    public Int128 DoubledSumE8 { get; private set; }

    public void Add(long bidTicks, long askTicks, long tickE8, long indexE8)
    {
        Int128 doubledE8 = ((Int128)bidTicks + askTicks) * tickE8 - (Int128)indexE8 * 2;
        DoubledSumE8 += doubledE8 - _doubledE8[_next];
        _doubledE8[_next] = doubledE8;
        _next = (_next + 1) % Samples;
        Count = Math.Min(Count + 1, Samples);
    }

    internal void Write(SnapshotWriter writer)
    {
        writer.WriteStructs<Int128>(_doubledE8);
        writer.Write(_next);
        writer.Write(Count);
    }

    internal void Read(SnapshotReader reader)
    {
        if (reader.ReadStructs<Int128>(_doubledE8) != Samples)
            throw new SnapshotException("A basis window of another size.");
        _next = reader.ReadCount(Samples - 1);
        Count = reader.ReadCount(Samples);
        DoubledSumE8 = 0;
        foreach (Int128 doubledE8 in _doubledE8)
            DoubledSumE8 += doubledE8;
    }

    internal void AddTo(ref StateHasher hasher)
    {
        foreach (Int128 doubledE8 in _doubledE8)
            hasher.Add(doubledE8);
        hasher.Add(_next);
        hasher.Add(Count);
    }
}
