using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Exchange.Core;

/// <summary>Asks the processor for memory that will be needed soon. It changes no result, only when memory arrives.</summary>
/// <remarks>A venue's accounts and orders do not fit the cache: a command waits for about twenty lines, one after the other unless asked for ahead.</remarks>
public static unsafe class CacheLine
{
    /// <summary>Length of a line.</summary>
    public const int Bytes = 64;

    /// <summary>What stands before an array's elements.</summary>
    private const int ArrayHeaderBytes = 16;

    /// <summary>Asks for the line of a place.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch<T>(ref readonly T place)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(Unsafe.AsPointer(ref Unsafe.AsRef(in place)));
    }

    /// <summary>Asks for the first bytes of an object without looking at it; should it move meanwhile, the asking was for nothing.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(object? thing, int bytes) => Fetch(thing, 0, bytes);

    /// <summary>Asks for elements of an array without looking at its length.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void FetchElements<T>(T[] array, int first, int count = 1) =>
        Fetch(array, ArrayHeaderBytes + first * Unsafe.SizeOf<T>(), count * Unsafe.SizeOf<T>());

    /// <summary>Asks for some bytes of an object, from an offset, without looking at it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(object? thing, int offset, int bytes)
    {
        if (!Sse.IsSupported)
            return;
        unchecked
        {
            byte* first = (byte*)Unsafe.As<object?, nint>(ref thing) + offset;
            for (int at = 0; at < bytes; at += Bytes)
                Sse.Prefetch0(first + at);
        }
    }
}
