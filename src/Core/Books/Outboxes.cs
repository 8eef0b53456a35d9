using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Exchange.Core.Books;

/// <summary>Pool of unacknowledged events; each account's are a list in it.</summary>
/// <remarks>
/// Events are handed out in a row, from the start again whenever every one is acknowledged, so a book that is kept up with
/// writes the same few pages forward; at the pool's end free ones are reused last in, first out. Only then it grows, by a chunk of
/// 4,096 events, and never moves one. Links are apart from the events: to link one touches no line of another.
/// </remarks>
internal sealed class Outboxes
{
    /// <summary>No event; its link takes what the first event of a list writes to its predecessor.</summary>
    public const int Nil = 0;
    private const int ChunkBits = 12;
    private const int ChunkSize = 1 << ChunkBits;
    private const int First = 1;
    private LineArray<BookEvent>[] _chunks = [];
    private LineArray<int> _next = new(First);
    private int _freeHead = Nil;
    private int _untouched = First;

    public int Count { get; private set; }

    public ref BookEvent this[int handle]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            unchecked
            {
                ref LineArray<BookEvent> first = ref MemoryMarshal.GetArrayDataReference(_chunks);
                return ref Unsafe.Add(ref first, (nint)(uint)(handle >> ChunkBits))[handle & (ChunkSize - 1)];
            }
        }
    }

    /// <summary>Whether the handle is one of this pool's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Has(int handle) => unchecked((uint)(handle - 1) < (uint)(_next.Length - 1));

    public int NextOf(int handle) => _next[handle];

    /// <summary>Puts an event at the end of the account's list; its contents are stale.</summary>
    /// <returns>Its handle.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Append(ref BookAccount account)
    {
        unchecked
        {
            int handle = _untouched;
            if (handle != _next.Length)
                _untouched = handle + 1;
            else
                handle = Reuse();
            _next[account.OutboxTail] = handle;
            int head = account.OutboxHead;
            account.OutboxHead = head == Nil ? handle : head;
            account.OutboxTail = handle;
            account.OutboxCount++;
            Count++;
            return handle;
        }
    }

    /// <summary>Forgets the account's events up to and including <paramref name="number"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Acknowledge(ref BookAccount account, ulong number)
    {
        if (account.OutboxCount == 0)
            return;
        if (number == account.LastNumber)
            ForgetAll(ref account);
        else
            ForgetUpTo(ref account, number);
        if (Count == 0)
        {
            _freeHead = Nil;
            _untouched = First;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void ForgetAll(ref BookAccount account)
    {
        _next[account.OutboxTail] = _freeHead;
        _freeHead = account.OutboxHead;
        unchecked
        {
            Count -= account.OutboxCount;
        }

        account.OutboxCount = 0;
        account.OutboxHead = Nil;
        account.OutboxTail = Nil;
    }

    private void ForgetUpTo(ref BookAccount account, ulong number)
    {
        int handle = account.OutboxHead;
        while (this[handle].Number <= number)
        {
            int next = _next[handle];
            _next[handle] = _freeHead;
            _freeHead = handle;
            handle = next;
            account.OutboxCount--;
            Count--;
        }

        account.OutboxHead = handle;
    }

    /// <summary>A free event when the pool is used to its end; there may be none, then it grows.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private int Reuse()
    {
        int handle = _freeHead;
        if (handle != Nil)
        {
            _freeHead = _next[handle];
            return handle;
        }

        Array.Resize(ref _chunks, _chunks.Length + 1);
        _chunks[^1] = new LineArray<BookEvent>(ChunkSize);
        _next.Grow(_chunks.Length * ChunkSize);
        return _untouched++;
    }
}
