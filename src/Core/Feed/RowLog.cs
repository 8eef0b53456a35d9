using System.Buffers.Binary;

namespace Exchange.Core.Feed;

/// <summary>The last rows of an account as they are written, in blocks of bytes: none moves again, and one that is dropped is used again.</summary>
/// <remarks>An entry is its length and the row, which lies in one block. Numbers never fall; several rows may have one.</remarks>
internal sealed class RowLog
{
    private const int LengthBytes = sizeof(int);

    // Of an account that does little the rows take little; a block holds some dozens.
    private const int SmallestBlock = 512;
    private const int LargestBlock = 4_096;
    private Block? _first;
    private Block? _last;
    private Block? _spare;

    // Where the rows begin that nobody took yet.
    private Block? _takenIn;
    private int _takenTo;
    private int _bytes;

    /// <summary>Keeps a row.</summary>
    /// <param name="row">Its bytes.</param>
    /// <param name="number">Of the row.</param>
    /// <param name="place">Of the last event in it that is told; 0: none is.</param>
    public void Add(ReadOnlySpan<byte> row, ulong number, ulong place)
    {
        if (_last is null || _last.Bytes.Length - _last.Used < LengthBytes + row.Length)
            AddBlock(LengthBytes + row.Length);
        Block block = _last!;
        BinaryPrimitives.WriteInt32LittleEndian(block.Bytes.AsSpan(block.Used), row.Length);
        row.CopyTo(block.Bytes.AsSpan(block.Used + LengthBytes));
        block.Used += LengthBytes + row.Length;
        block.LastNumber = number;
        block.LastPlace = Math.Max(block.LastPlace, place);
    }

    /// <summary>Takes the rows added since the last time, in order.</summary>
    public void Take(Action<ReadOnlySpan<byte>> take)
    {
        for (Block? block = _takenIn ?? _first; block is not null; block = block.Next)
        {
            for (int at = block == _takenIn ? _takenTo : 0; at < block.Used;)
                take(Next(block, ref at).Span);
            (_takenIn, _takenTo) = (block, block.Used);
        }
    }

    /// <summary>Drops blocks of which every row is taken and numbered up to a number.</summary>
    /// <returns>The place of the last event dropped; 0: none was.</returns>
    public ulong Drop(ulong through)
    {
        ulong place = 0;
        while (_first is { } block && block != _last && block != _takenIn && _takenIn is not null && block.LastNumber <= through)
        {
            place = Math.Max(place, block.LastPlace);
            _first = block.Next;
            _bytes -= block.Bytes.Length;
            _spare = block;
        }

        return place;
    }

    /// <summary>The rows from the first one on that may have this number; some before it may come too.</summary>
    public IEnumerable<ReadOnlyMemory<byte>> From(ulong number)
    {
        for (Block? block = _first; block is not null; block = block.Next)
        {
            if (block.LastNumber < number)
                continue;
            for (int at = 0; at < block.Used;)
                yield return Next(block, ref at);
        }
    }

    private static ReadOnlyMemory<byte> Next(Block block, ref int at)
    {
        int length = BinaryPrimitives.ReadInt32LittleEndian(block.Bytes.AsSpan(at));
        at += LengthBytes + length;
        return block.Bytes.AsMemory(at - length, length);
    }

    private void AddBlock(int needed)
    {
        int size = Math.Max(needed, Math.Clamp(_bytes, SmallestBlock, LargestBlock));
        Block block;
        if (_spare is { } spare && spare.Bytes.Length >= size)
        {
            block = spare;
            block.Clear();
            _spare = null;
        }
        else
        {
            block = new Block(size);
        }

        if (_last is null)
            _first = block;
        else
            _last.Next = block;
        _last = block;
        _bytes += block.Bytes.Length;
    }

    private sealed class Block(int size)
    {
        public byte[] Bytes { get; } = new byte[size];

        public int Used { get; set; }

        public ulong LastNumber { get; set; }

        public ulong LastPlace { get; set; }

        public Block? Next { get; set; }

        public void Clear()
        {
            Used = 0;
            LastPlace = 0;
            Next = null;
        }
    }
}
