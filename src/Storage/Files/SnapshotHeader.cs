using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Exchange.Core;
using Exchange.Core.Journaling;

namespace Exchange.Storage.Files;

/// <summary>The first block of a snapshot's file, written last.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct SnapshotHeader
{
    public const int Bytes = JournalFormat.BlockBytes;
    public const uint CurrentVersion = 1;
    private const ulong ExpectedMagic = 0x5041_4E53_5845_01DE;   // DE 01 "EXSNAP"
    private const int ChecksumOffset = 12;

    private ulong _magic;
    private uint _version;
    private uint _checksum;
    public ulong Sequence;
    public long TimeMs;
    public ulong StateHash;
    public long PayloadBytes;
    public uint PayloadChecksum;
    private int _writerBytes;

    /// <summary>A payload of another snapshot must not pass for this one's.</summary>
    public static uint Seed(ulong sequence) => Crc32C.Seed(ExpectedMagic, sequence, 0);

    public static void Write(Span<byte> block, SnapshotInfo info, long payloadBytes, uint payloadChecksum)
    {
        Invariant.Holds(block.Length == Bytes);
        int start = Unsafe.SizeOf<SnapshotHeader>();
        block.Clear();
        SnapshotHeader header = new()
        {
            _magic = ExpectedMagic,
            _version = CurrentVersion,
            Sequence = info.Sequence,
            TimeMs = info.TimeMs,
            StateHash = info.StateHash,
            PayloadBytes = payloadBytes,
            PayloadChecksum = payloadChecksum,
            _writerBytes = Encoding.UTF8.GetBytes(info.WriterVersion, block.Slice(start, SnapshotInfo.MaxWriterBytes)),
        };
        MemoryMarshal.Write(block, in header);
        MemoryMarshal.Write(block[ChecksumOffset..], Checksum(block));
    }

    /// <exception cref="SnapshotDamagedException">It is not what was written.</exception>
    /// <exception cref="JournalVersionException">A newer build wrote it.</exception>
    public static SnapshotInfo Read(ReadOnlySpan<byte> block, string path, out SnapshotHeader header)
    {
        Invariant.Holds(block.Length == Bytes);
        header = MemoryMarshal.Read<SnapshotHeader>(block);
        if (header._magic != ExpectedMagic || header._checksum != Checksum(block))
            throw new SnapshotDamagedException(path, "its header is not what was written");
        if (header._version > CurrentVersion)
            throw new JournalVersionException(path, header._version, CurrentVersion);
        return new SnapshotInfo
        {
            Sequence = header.Sequence,
            TimeMs = header.TimeMs,
            StateHash = header.StateHash,
            WriterVersion = Encoding.UTF8.GetString(block.Slice(Unsafe.SizeOf<SnapshotHeader>(), header._writerBytes)),
        };
    }

    private static uint Checksum(ReadOnlySpan<byte> block) =>
        Crc32C.Append(Crc32C.Append(uint.MaxValue, block[..ChecksumOffset]), block[(ChecksumOffset + sizeof(uint))..]);
}
