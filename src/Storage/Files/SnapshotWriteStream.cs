using Exchange.Core.Journaling;

namespace Exchange.Storage.Files;

/// <summary>Writes a snapshot's payload in large pieces, with its checksum.</summary>
internal sealed class SnapshotWriteStream(IFile file, long start, uint seed) : Stream
{
    private const int SyncEveryBytes = 8 << 20;
    private readonly byte[] _buffer = new byte[1 << 20];
    private long _flushed;
    private int _used;

    public uint Checksum { get; private set; } = seed;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _flushed + _used;

    public override long Position
    {
        get => Length;
        set => throw new NotSupportedException();
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            int taken = Math.Min(buffer.Length, _buffer.Length - _used);
            buffer[..taken].CopyTo(_buffer.AsSpan(_used));
            _used += taken;
            buffer = buffer[taken..];
            if (_used == _buffer.Length)
                Flush();
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
        if (_used == 0)
            return;
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(0, _used);
        file.Write(start + _flushed, bytes);
        Checksum = Crc32C.Append(Checksum, bytes);
        _flushed += _used;
        _used = 0;
        // In slices: one large flush at the end would hold up the syncs of the journal on the same disk.
        if (_flushed % SyncEveryBytes == 0)
            file.SyncData();
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
