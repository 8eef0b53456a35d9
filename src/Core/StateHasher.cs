using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Exchange.Core;

/// <summary>Folds a machine's state, field by field in a fixed order, into 128 bits that are the same on every host.</summary>
/// <remarks>
/// Tells apart states that differ by accident, in order or in length; it is no defence against somebody who chooses them.
/// Start from <see cref="Create"/>. Wrapping arithmetic is the purpose here.
/// </remarks>
public struct StateHasher
{
    private const ulong First = 0x9e3779b97f4a7c15UL;
    private const ulong Second = 0xc2b2ae3d27d4eb4fUL;

    private ulong _high;
    private ulong _low;

    public static StateHasher Create() => new() { _high = 0x243f6a8885a308d3UL, _low = 0x13198a2e03707344UL };

    /// <summary>64 bits of the hash so far; adding may go on.</summary>
    public readonly ulong Value => unchecked(Finish(_high) ^ BitOperations.RotateLeft(Finish(_low), 32));

    /// <summary>All 128 bits of the hash so far.</summary>
    public readonly UInt128 Value128 => new(Finish(_high), Finish(unchecked(_low ^ (_high * Second))));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(ulong word)
    {
        unchecked
        {
            _high = BitOperations.RotateLeft((_high ^ word) * First, 29);
            _low = BitOperations.RotateLeft(_low + word, 31) * Second + _high;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long word) => Add(unchecked((ulong)word));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int word) => Add(unchecked((ulong)word));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(uint word) => Add((ulong)word);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(bool flag) => Add(flag ? 1UL : 0UL);

    public void Add(Int128 value)
    {
        unchecked
        {
            Add((ulong)(value >> 64));
            Add((ulong)value);
        }
    }

    /// <summary>Adds the length, then the bytes.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        Add(bytes.Length);
        while (bytes.Length >= sizeof(ulong))
        {
            Add(BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        ulong rest = 0;
        for (int i = bytes.Length - 1; i >= 0; i--)
            rest = (rest << 8) | bytes[i];
        if (!bytes.IsEmpty)
            Add(rest);
    }

    /// <summary>Adds structs as they lie in memory: only for types without padding, which is not always zero.</summary>
    public void AddStructs<T>(ReadOnlySpan<T> items)
        where T : unmanaged => Add(MemoryMarshal.AsBytes(items));

    private static ulong Finish(ulong word)
    {
        unchecked
        {
            word = (word ^ (word >> 31)) * Second;
            word = (word ^ (word >> 29)) * First;
            return word ^ (word >> 32);
        }
    }
}
