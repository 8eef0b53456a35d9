using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Exchange.Core.Books;

/// <summary>Pool of unacknowledged events; each account's are a list in it.</summary>
/// <remarks>
/// Events are handed out in a row, from the start again whenever every one is acknowledged, so a book that is kept up with
/// writes the same few pages forward; at the pool's end free ones are reused last in, first out. Only then it grows, by a chunk of
/// 4,096 events, and never moves one. Links lead from an event to the one before it of the same account and stand apart from the
/// events: to link one touches no line of another. To acknowledge all is one step however many accounts have events: it begins a
/// generation, and what an account's entry says of an earlier one is void.
/// </remarks>
internal unsafe struct Outboxes()
{
    /// <summary>No event.</summary>
    public const int Nil = 0;
    private const int ChunkBits = 12;
    private const int ChunkSize = 1 << ChunkBits;
    private const int First = 1;
    private LineArray<BookEvent>[] _chunks = [];
    private LineArray<int> _previous = new(First);
    private int _freeHead = Nil;

    // The run of free events that are handed out next: the rest of a chunk, or one reused.
    private BookEvent* _next;
    private int _nextHandle;
    private int _end;
    private int _usedChunks;
    private long _generation = 1;

    public int Count { get; private set; }

    public readonly ref BookEvent this[int handle]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            unchecked
            {
                return ref _chunks[handle >> ChunkBits][handle & (ChunkSize - 1)];
            }
        }
    }

    /// <summary>The account's event before this one; <see cref="Nil"/>: it is the oldest.</summary>
    public int PreviousOf(int handle) => _previous[handle];

    /// <summary>Handle of the account's newest event, or <see cref="Nil"/>.</summary>
    public int NewestOf(in BookAccount account) => account.OutboxGeneration == _generation ? account.OutboxNewest : Nil;

    /// <summary>The account's unacknowledged events.</summary>
    public int CountOf(in BookAccount account) => account.OutboxGeneration == _generation ? account.OutboxCount : 0;

    /// <summary>Puts an event at the end of the account's list; its contents are stale.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref BookEvent Append(ref BookAccount account)
    {
        unchecked
        {
            if (_nextHandle == _end)
                FindRun();
            BookEvent* e = _next;
            int at = _nextHandle;
            _nextHandle = at + 1;
            _next = e + 1;
            if (Sse.IsSupported)
                Sse.Prefetch0((byte*)(e + 1) + CacheLine.Bytes); // A book's turn comes seldom where there are many.

            // All ones if the account's list is of this generation. No branch: it would be guessed wrong every second time.
            int isCurrent = (int)(((account.OutboxGeneration ^ _generation) - 1) >> 63);
            _previous[at] = account.OutboxNewest & isCurrent;
            account.OutboxNewest = at;
            account.OutboxCount = (account.OutboxCount & isCurrent) + 1;
            account.OutboxGeneration = _generation;
            Count++;
            return ref *e;
        }
    }

    /// <summary>Forgets the account's events up to and including <paramref name="number"/>.</summary>
    public void Acknowledge(ref BookAccount account, ulong number)
    {
        int handle = NewestOf(in account);
        if (handle == Nil || this[handle].Number - (ulong)CountOf(in account) >= number)
            return; // None is as old as that.
        if (number == account.LastNumber)
        {
            account.OutboxNewest = Nil;
        }
        else
        {
            int newer = handle;
            for (; this[handle].Number > number; handle = _previous[handle])
                newer = handle;
            _previous[newer] = Nil;
        }

        while (handle != Nil)
        {
            int older = _previous[handle];
            _previous[handle] = _freeHead;
            _freeHead = handle;
            handle = older;
            account.OutboxCount--;
            Count--;
        }

        if (Count == 0)
            AcknowledgeAll();
    }

    /// <summary>Forgets every account's events.</summary>
    public void AcknowledgeAll()
    {
        Count = 0;
        unchecked
        {
            _generation++;
        }

        _freeHead = Nil;
        _usedChunks = Math.Min(1, _chunks.Length);
        if (_usedChunks != 0)
            HandOut(First, ChunkSize);
    }

    private void HandOut(int handle, int end)
    {
        _nextHandle = handle;
        _end = end;
        _next = (BookEvent*)Unsafe.AsPointer(ref this[handle]);
    }

    /// <summary>Where a run is used up: the next chunk, a free event, or a new chunk.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FindRun()
    {
        int handle = _freeHead;
        if (_usedChunks == _chunks.Length && handle != Nil)
        {
            _freeHead = _previous[handle];
            HandOut(handle, handle + 1);
            return;
        }

        if (_usedChunks == _chunks.Length)
        {
            Array.Resize(ref _chunks, _chunks.Length + 1);
            _chunks[^1] = new LineArray<BookEvent>(ChunkSize);
            _previous.Grow(_chunks.Length * ChunkSize);
        }

        int chunk = _usedChunks++;
        HandOut(Math.Max(First, chunk << ChunkBits), (chunk + 1) << ChunkBits);
    }
}
