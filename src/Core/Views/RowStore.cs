using System.Runtime.CompilerServices;

namespace Exchange.Core.Views;

/// <summary>Rows in chunks, and the order in which they may be dropped: over all accounts and within each.</summary>
/// <remarks>
/// Few rows take little memory: the first chunk grows until it is a whole one, then none moves any more.
/// Written by one thread. Readers may copy a row they got from an index, under that index's lock; the links beside the rows are the
/// writer's alone.
/// </remarks>
/// <param name="chunkBits">Rows of a chunk, as a power of two.</param>
internal sealed class RowStore<T>(int chunkBits)
    where T : unmanaged
{
    public const int None = -1;
    private const int FirstRows = 4;
    private readonly int _chunkMask = (1 << chunkBits) - 1;

    private struct Row
    {
        public T Item;

        // The droppable rows of all accounts, and of one.
        public int Newer;
        public int Older;
        public int NewerOfAccount;
    }

    private Row[][] _chunks = [];
    private int _used;
    private int _free = None;
    private int _newest = None;

    /// <summary>The droppable row of any account that goes first.</summary>
    public int Oldest { get; private set; } = None;

    /// <summary>How many rows may be dropped.</summary>
    public int RetiredCount { get; private set; }

    public ref T this[int row]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref At(row).Item;
    }

    /// <summary>The droppable row after this one, or <see cref="None"/>.</summary>
    public int NewerThan(int row) => At(row).Newer;

    public int Add(in T item)
    {
        int row = _free;
        if (row == None)
        {
            row = _used++;
            if (row >> chunkBits == _chunks.Length)
                _chunks = [.. _chunks, new Row[row == 0 ? FirstRows : 1 << chunkBits]];
            else if (row == _chunks[0].Length)
                GrowFirst();
        }
        else
        {
            _free = At(row).Newer;
        }

        At(row).Item = item;
        return row;
    }

    /// <summary>Makes a row droppable, after all that are so already.</summary>
    public void Retire(int row, ref RetiredRows account)
    {
        ref Row retired = ref At(row);
        retired.Newer = None;
        retired.Older = _newest;
        retired.NewerOfAccount = None;
        if (_newest == None)
            Oldest = row;
        else
            At(_newest).Newer = row;
        _newest = row;
        if (account.Count == 0)
            account.Oldest = row;
        else
            At(account.Newest).NewerOfAccount = row;
        account.Newest = row;
        account.Count++;
        RetiredCount++;
    }

    /// <summary>Drops an account's oldest droppable row.</summary>
    public void DropOldest(ref RetiredRows account)
    {
        Invariant.Holds(account.Count > 0);
        int row = account.Oldest;
        ref Row dropped = ref At(row);
        account.Oldest = dropped.NewerOfAccount;
        account.Count--;
        if (dropped.Older == None)
            Oldest = dropped.Newer;
        else
            At(dropped.Older).Newer = dropped.Newer;
        if (dropped.Newer == None)
            _newest = dropped.Older;
        else
            At(dropped.Newer).Older = dropped.Older;
        RetiredCount--;
        dropped.Newer = _free;
        _free = row;
    }

    // A reader of another account may still copy its row from the old one: it is as good.
    private void GrowFirst()
    {
        var larger = new Row[_chunks[0].Length * 2];
        _chunks[0].CopyTo(larger, 0);
        _chunks[0] = larger;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Row At(int row) => ref _chunks[row >> chunkBits][row & _chunkMask];
}

/// <summary>An account's droppable rows, oldest first; the ends count only if there are any.</summary>
internal struct RetiredRows
{
    public int Oldest;
    public int Newest;
    public int Count;
}
