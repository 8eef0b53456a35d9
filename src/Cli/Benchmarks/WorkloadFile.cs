using System.Runtime.InteropServices;

namespace Exchange.Cli.Benchmarks;

/// <summary>A matching workload (bench/reference/README.md): 32-byte header, then records of 32 bytes, little-endian.</summary>
public sealed class WorkloadFile
{
    private const uint Magic = 0x314c574d; // "MWL1"

    private WorkloadFile(Header header, WorkloadRecord[] records)
    {
        Prefill = (int)header.Prefill;
        Seed = header.Seed;
        Records = records;
    }

    public WorkloadRecord[] Records { get; }

    /// <summary>The first so many records only build the book; they are not timed.</summary>
    public int Prefill { get; }

    public ulong Seed { get; }

    /// <exception cref="InvalidDataException">Not a workload file, or cut short.</exception>
    public static WorkloadFile Load(string path)
    {
        using FileStream file = File.OpenRead(path);
        Header header = default;
        if (file.Length < 32)
            throw new InvalidDataException($"{path} is not a workload file: it has {file.Length} bytes.");
        file.ReadExactly(MemoryMarshal.AsBytes(new Span<Header>(ref header)));
        if (header.Magic != Magic || header.Version != 1)
            throw new InvalidDataException($"{path} is not a workload file of version 1.");
        if (header.Total != (ulong)(file.Length - 32) / 32 || header.Prefill > header.Total)
            throw new InvalidDataException($"{path} says {header.Total} records and holds {(file.Length - 32) / 32}.");

        var records = new WorkloadRecord[header.Total];
        Span<byte> bytes = MemoryMarshal.AsBytes(records.AsSpan());
        const int Chunk = 1 << 26;
        for (int at = 0; at < bytes.Length; at += Chunk)
            file.ReadExactly(bytes[at..Math.Min(bytes.Length, at + Chunk)]);
        return new WorkloadFile(header, records);
    }

    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    private struct Header
    {
        public uint Magic;
        public uint Version;
        public ulong Total;
        public ulong Prefill;
        public ulong Seed;
    }
}

/// <summary>One operation of a workload.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public struct WorkloadRecord
{
    public ulong Id;
    public long PriceTicks;

    /// <summary>New: quantity. Modify: the new remaining quantity.</summary>
    public long Lots;
    public uint Account;

    /// <summary>0 new, 1 cancel, 2 modify.</summary>
    public byte Operation;

    /// <summary>0 buy, 1 sell.</summary>
    public byte Side;

    /// <summary>New: 0 GTC limit, 1 market, 2 IOC limit, 3 FOK limit, 4 post-only limit.</summary>
    public byte Type;
    public byte Flags;
}
