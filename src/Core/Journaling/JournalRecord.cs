using System.Runtime.InteropServices;

namespace Exchange.Core.Journaling;

/// <summary>One record as read back; the payload is valid during the call it is passed to only.</summary>
public readonly ref struct JournalRecord
{
    internal JournalRecord(scoped in RecordHeader header, ReadOnlySpan<byte> payload)
    {
        Sequence = header.Sequence;
        TimeMs = header.TimeMs;
        Kind = header.Kind;
        Payload = payload;
    }

    public ulong Sequence { get; }

    /// <summary>Milliseconds since 1970, as stamped by the host that appended it.</summary>
    public long TimeMs { get; }

    /// <summary>The appender's own number for the type of the payload.</summary>
    public ushort Kind { get; }

    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>The payload as the struct it was appended from.</summary>
    public ref readonly T As<T>()
        where T : unmanaged
    {
        Invariant.Holds(Payload.Length == System.Runtime.CompilerServices.Unsafe.SizeOf<T>());
        return ref MemoryMarshal.AsRef<T>(Payload);
    }
}

/// <summary>Receives records in order of their sequence.</summary>
public delegate void JournalRecordHandler(in JournalRecord record);
