using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Exchange.Core.Books;

/// <summary>An array that begins at a cache line, so that an element of 64 bytes is one line and never two halves.</summary>
/// <remarks>
/// The runtime aligns arrays to 8 bytes only. An index is not checked in Release, which saves a twelfth of an operation: it may
/// only be one that the owner made itself (a slot, a hash of known width), never one that came from outside. The memory is
/// pinned and the collector's.
/// </remarks>
internal unsafe struct LineArray<T>
    where T : unmanaged
{
    private const int Line = 64;
    private byte[] _memory;
    private T* _first;
    private int _length;

    public LineArray(int length)
    {
        _length = length;
        _memory = GC.AllocateArray<byte>(checked(length * sizeof(T) + Line), pinned: true);
        nuint address = (nuint)Unsafe.AsPointer(ref _memory[0]);
        _first = (T*)((address + (Line - 1)) & ~(nuint)(Line - 1));
    }

    public readonly int Length => _length;

    public readonly ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            unchecked
            {
                Debug.Assert((uint)index < (uint)_length, "An index of this array's own is within it.");
                return ref _first[(nint)(uint)index];
            }
        }
    }

    /// <summary>The first elements.</summary>
    public readonly Span<T> Span(int count)
    {
        Debug.Assert((uint)count <= (uint)_length, "A count of this array's own is within it.");
        return new Span<T>(_first, count);
    }

    /// <summary>The place of an element that need not be there, if only it is not used then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ref T At(int index) => ref _first[index];

    /// <summary>Asks for an element; what is beside the array is asked for in vain.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Prefetch(int index)
    {
        if (Sse.IsSupported)
            Sse.Prefetch0(unchecked(_first + index));
    }

    /// <summary>Gives it more elements, at another address; references into the old one go on seeing the old.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public void Grow(int length)
    {
        var larger = new LineArray<T>(length);
        new ReadOnlySpan<T>(_first, _length).CopyTo(new Span<T>(larger._first, length));
        this = larger;
    }
}
