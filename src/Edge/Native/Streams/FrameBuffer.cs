using System.Buffers;

namespace Exchange.Edge.Native.Streams;

/// <summary>A binary frame being gathered out of messages; holds memory only while it does.</summary>
internal sealed class FrameBuffer : IDisposable
{
    private const int Largest = 64 * 1_024;

    private byte[] _bytes = [];
    private int _length;

    public bool IsEmpty => _length == 0;

    public ReadOnlyMemory<byte> Bytes => _bytes.AsMemory(0, _length);

    /// <summary>How many of its bytes count for the stream's bound.</summary>
    public int Counted { get; private set; }

    /// <summary>False: there is no room for it.</summary>
    public bool TryAdd(byte[] message, int counted)
    {
        if (_length + message.Length > Largest)
            return false;
        if (_bytes.Length == 0)
            _bytes = ArrayPool<byte>.Shared.Rent(Largest);
        message.CopyTo(_bytes, _length);
        _length += message.Length;
        Counted += counted;
        return true;
    }

    public void Dispose()
    {
        if (_bytes.Length > 0)
            ArrayPool<byte>.Shared.Return(_bytes);
    }
}
