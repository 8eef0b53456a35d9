using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Exchange.Core.Wire;

/// <summary>Structs as words of 64 bits behind a mask of those that are not zero: few of a command's fields are used at a time.</summary>
internal static class WordPack
{
    private const int MostWords = 32;

    public static void Write<T>(SnapshotWriter to, ref readonly T value)
        where T : unmanaged
    {
        ReadOnlySpan<ulong> words = MemoryMarshal.Cast<T, ulong>(new ReadOnlySpan<T>(in value));
        Invariant.Holds(words.Length <= MostWords && Unsafe.SizeOf<T>() == words.Length * sizeof(ulong));
        Span<ulong> used = stackalloc ulong[MostWords];
        uint mask = 0;
        int count = 0;
        for (int i = 0; i < words.Length; i++)
        {
            ulong word = words[i];
            used[count] = word; // A zero is written over.
            if (word == 0)
                continue;
            mask |= 1u << i;
            count++;
        }

        to.Write(mask);
        to.WriteBytes(MemoryMarshal.AsBytes(used[..count]));
    }

    /// <exception cref="SnapshotException">Words that the struct does not have, or too few.</exception>
    public static T Read<T>(SnapshotReader from)
        where T : unmanaged
    {
        T value = default;
        Span<ulong> words = MemoryMarshal.Cast<T, ulong>(new Span<T>(ref value));
        uint mask = from.ReadUInt32();
        if (words.Length < MostWords && mask >> words.Length != 0)
            throw new SnapshotException($"A struct of {words.Length} words has none for {mask:x}.");
        for (; mask != 0; mask &= mask - 1)
            words[BitOperations.TrailingZeroCount(mask)] = from.ReadUInt64();
        return value;
    }
}
