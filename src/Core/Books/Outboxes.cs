using System.Runtime.CompilerServices;

namespace Exchange.Core.Books;

/// <summary>Pool of unacknowledged events; each account's are a list in it.</summary>
/// <remarks>Slots are reused last in, first out; the pool grows by a chunk of 4,096 events and never moves one.</remarks>
internal sealed class Outboxes
{
    public const int Nil = -1;
    private const int ChunkBits = 12;
    private const int ChunkSize = 1 << ChunkBits;
    private BookEvent[][] _chunks = [];
    private int[] _next = [];
    private int _freeHead = Nil;

    public int Count { get; private set; }

    public ref BookEvent this[int handle]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _chunks[handle >> ChunkBits][handle & (ChunkSize - 1)];
    }

    public int NextOf(int handle) => _next[handle];

    /// <summary>A slot at the end of the account's list; its contents are stale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Append(ref BookAccount account)
    {
        if (_freeHead == Nil)
            Grow();
        unchecked
        {
            int handle = _freeHead;
            _freeHead = _next[handle];
            _next[handle] = Nil;
            if (account.OutboxHead == Nil)
                account.OutboxHead = handle;
            else
                _next[account.OutboxTail] = handle;
            account.OutboxTail = handle;
            account.OutboxCount++;
            Count++;
            return handle;
        }
    }

    /// <summary>Forgets the account's events up to and including <paramref name="number"/>.</summary>
    public void Acknowledge(ref BookAccount account, ulong number)
    {
        unchecked
        {
            int handle = account.OutboxHead;
            while (handle != Nil && this[handle].Number <= number)
            {
                int next = _next[handle];
                _next[handle] = _freeHead;
                _freeHead = handle;
                handle = next;
                account.OutboxCount--;
                Count--;
            }

            account.OutboxHead = handle;
            if (handle == Nil)
                account.OutboxTail = Nil;
        }
    }

    private void Grow()
    {
        int from = _next.Length;
        Array.Resize(ref _chunks, _chunks.Length + 1);
        _chunks[^1] = new BookEvent[ChunkSize];
        Array.Resize(ref _next, from + ChunkSize);
        for (int handle = from + ChunkSize - 1; handle >= from; handle--)
        {
            _next[handle] = _freeHead;
            _freeHead = handle;
        }
    }
}
