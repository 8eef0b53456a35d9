using System.Runtime.InteropServices;

namespace Exchange.Core.Journaling;

/// <summary>Memory that begins at a block's boundary and stays where it is: a disk can take it without the page cache between.</summary>
public sealed class BlockBuffer
{
    private readonly byte[] _bytes;
    private readonly int _start;

    /// <param name="bytes">A whole number of blocks.</param>
    public BlockBuffer(int bytes)
    {
        Invariant.Holds(bytes % JournalFormat.BlockBytes == 0);
        Bytes = bytes;
        _bytes = GC.AllocateArray<byte>(bytes + JournalFormat.BlockBytes, pinned: true);
        _start = (int)(-Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, 0) & (JournalFormat.BlockBytes - 1));
    }

    public int Bytes { get; }

    public Span<byte> Span => _bytes.AsSpan(_start, Bytes);
}
