using System.Buffers.Binary;

namespace Exchange.Storage.Streams;

/// <summary>Records that are appended together: a length and the bytes of each, one behind the other.</summary>
/// <remarks>To be used again once the append has ended, however it ended; not to be changed before. One thread at a time.</remarks>
public sealed class RecordBatch
{
    private const int LengthBytes = sizeof(uint);

    private byte[] _buffer;
    private int _length;

    public RecordBatch(int capacityBytes = 1_024) => _buffer = new byte[capacityBytes];

    public int Count { get; private set; }

    /// <summary>The records as they are stored.</summary>
    public ReadOnlyMemory<byte> Framed => _buffer.AsMemory(0, _length);

    /// <summary>Takes a copy of one record.</summary>
    public void Add(ReadOnlySpan<byte> record)
    {
        int needed = checked(_length + LengthBytes + record.Length);
        if (needed > _buffer.Length)
            Array.Resize(ref _buffer, Math.Max(needed, checked(_buffer.Length * 2)));
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(_length), (uint)record.Length);
        record.CopyTo(_buffer.AsSpan(_length + LengthBytes));
        _length = needed;
        Count++;
    }

    public void Clear()
    {
        _length = 0;
        Count = 0;
    }

    /// <summary>Takes the next record off stored bytes.</summary>
    /// <returns>False at the end, and where the bytes are no whole record: then some are left.</returns>
    public static bool TryTake(ref ReadOnlyMemory<byte> framed, out ReadOnlyMemory<byte> record)
    {
        record = default;
        if (framed.Length < LengthBytes)
            return false;
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(framed.Span);
        if (length > framed.Length - LengthBytes)
            return false;
        record = framed.Slice(LengthBytes, (int)length);
        framed = framed[(LengthBytes + (int)length)..];
        return true;
    }
}
