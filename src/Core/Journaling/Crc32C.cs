using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Exchange.Core.Journaling;

/// <summary>CRC-32C (Castagnoli) by the processor's instruction; one lane reads about 10 GB/s, more than a disk gives.</summary>
/// <remarks>Values are raw: a caller that wants the usual CRC starts with and inverts by all ones.</remarks>
public static class Crc32C
{
    /// <summary>The start for contents that are valid in one journal, segment and epoch only.</summary>
    public static uint Seed(ulong journalId, ulong segmentId, ulong epoch)
    {
        uint crc = BitOperations.Crc32C(uint.MaxValue, journalId);
        crc = BitOperations.Crc32C(crc, segmentId);
        return BitOperations.Crc32C(crc, epoch);
    }

    /// <summary>Takes <paramref name="data"/> into <paramref name="crc"/>.</summary>
    // Optimized at the first call: recovery is one long call, over before tiering would notice it.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static uint Append(uint crc, ReadOnlySpan<byte> data)
    {
        ref byte at = ref MemoryMarshal.GetReference(data);
        int left = data.Length;
        while (left >= 32)
        {
            crc = BitOperations.Crc32C(crc, Unsafe.ReadUnaligned<ulong>(ref at));
            crc = BitOperations.Crc32C(crc, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref at, 8)));
            crc = BitOperations.Crc32C(crc, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref at, 16)));
            crc = BitOperations.Crc32C(crc, Unsafe.ReadUnaligned<ulong>(ref Unsafe.Add(ref at, 24)));
            at = ref Unsafe.Add(ref at, 32);
            left -= 32;
        }

        while (left > 0)
        {
            crc = BitOperations.Crc32C(crc, at);
            at = ref Unsafe.Add(ref at, 1);
            left--;
        }

        return crc;
    }
}
