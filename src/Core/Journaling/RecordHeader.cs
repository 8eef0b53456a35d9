using System.Runtime.InteropServices;

namespace Exchange.Core.Journaling;

/// <summary>What stands before each payload. Records are padded to 8 bytes.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct RecordHeader
{
    public const int Bytes = 24;

    /// <summary>In the queue only: the rest of the ring is unused, the next record is at its start.</summary>
    public const int Skip = -1;

    public int PayloadBytes;
    public ushort Kind;
    public ushort Reserved;
    public ulong Sequence;
    public long TimeMs;

    public static int WholeBytes(int payloadBytes) => (Bytes + payloadBytes + 7) & ~7;
}
