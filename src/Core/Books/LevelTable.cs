using System.Numerics;
using System.Runtime.CompilerServices;

namespace Exchange.Core.Books;

/// <summary>One price of a book: a queue of orders and their total.</summary>
internal struct Level
{
    /// <summary>First and last order of the queue; <see cref="OrderTable.Nil"/> when empty.</summary>
    public int Head;
    public int Tail;
    public long Lots;
}

/// <summary>The levels of both sides of a book, by price, in pages of 64 that exist only where orders are.</summary>
/// <remarks>
/// A level's handle is stable while it holds orders. Lookup by price is one compare in the common case (a direct-mapped cache of
/// pages), a neighbour is one bit scan in the page's bitmap, a step to the next page follows a sorted list; only a page's birth
/// and death search. Bids and asks share the pages: below the best ask every level is a bid's. A flat array over all prices would
/// be as fast and cost megabytes a symbol, which is what slows a venue of many symbols down.
/// </remarks>
internal struct LevelTable
{
    public const int None = -1;
    private const int PageBits = 6;
    private const int PageSize = 1 << PageBits;
    private const int CacheSize = 64;

    private LineArray<CachedPage> _cache = new(CacheSize);
    private LineArray<Level> _levels;
    private ulong[] _bits;
    private long[] _keys;
    private int[] _next;
    private int[] _previous;
    private int[] _sorted;
    private int _freeHead;

    public LevelTable(int pages)
    {
        _levels = new LineArray<Level>(pages * PageSize);
        _bits = new ulong[pages];
        _keys = new long[pages];
        _next = new int[pages];
        _previous = new int[pages];
        _sorted = new int[pages];
        _freeHead = None;
        Adopt(0, pages);
        for (int line = 0; line < CacheSize; line++)
            _cache[line].Key = -1;
    }

    /// <summary>Pages in use.</summary>
    public int PageCount { get; private set; }

    public readonly ref Level this[int handle]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => ref _levels[handle];
    }

    public long PriceOf(int handle) => unchecked((_keys[handle >> PageBits] << PageBits) + (handle & (PageSize - 1)));

    /// <summary>The level of a price, made if need be; the caller must put an order there.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int GetOrAdd(long priceTicks)
    {
        unchecked
        {
            long key = priceTicks >> PageBits;
            ref readonly CachedPage cached = ref _cache[(int)key & (CacheSize - 1)];
            int page = cached.Key == key ? cached.Page : FindOrAddPage(key);
            return (page << PageBits) + ((int)priceTicks & (PageSize - 1));
        }
    }

    /// <summary>The level of a price if it holds orders, else <see cref="None"/>.</summary>
    public int Find(long priceTicks)
    {
        unchecked
        {
            long key = priceTicks >> PageBits;
            ref readonly CachedPage cached = ref _cache[(int)key & (CacheSize - 1)];
            int page;
            if (cached.Key == key)
            {
                page = cached.Page;
            }
            else
            {
                int at = Search(key);
                if (at == PageCount || _keys[_sorted[at]] != key)
                    return None;
                page = _sorted[at];
            }

            int offset = (int)priceTicks & (PageSize - 1);
            return (_bits[page] >> offset & 1) != 0 ? (page << PageBits) + offset : None;
        }
    }

    /// <summary>Marks a level as holding orders.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Set(int handle) => _bits[handle >> PageBits] |= 1UL << (handle & (PageSize - 1));

    /// <summary>Marks a level as empty; its handle must not be used again except for <see cref="Release"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Clear(int handle) => _bits[handle >> PageBits] &= ~(1UL << (handle & (PageSize - 1)));

    /// <summary>Gives an empty level's page back when nothing else is on it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Release(int handle)
    {
        int page = handle >> PageBits;
        if (_bits[page] == 0)
            FreePage(page);
    }

    /// <summary>The nearest level above with orders, or <see cref="None"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Above(int handle)
    {
        unchecked
        {
            int page = handle >> PageBits;
            int offset = handle & (PageSize - 1);
            ulong above = _bits[page] >> offset >> 1;
            return above != 0
                ? handle + 1 + BitOperations.TrailingZeroCount(above)
                : LowestFrom(_next[page]);
        }
    }

    /// <summary>The nearest level below with orders, or <see cref="None"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Below(int handle)
    {
        unchecked
        {
            int page = handle >> PageBits;
            int offset = handle & (PageSize - 1);
            ulong below = _bits[page] & ((1UL << offset) - 1);
            return below != 0
                ? (page << PageBits) + 63 - BitOperations.LeadingZeroCount(below)
                : HighestFrom(_previous[page]);
        }
    }

    /// <summary>The lowest level with orders, or <see cref="None"/>.</summary>
    public int Lowest() => LowestFrom(PageCount == 0 ? None : _sorted[0]);

    /// <summary>The highest level with orders, or <see cref="None"/>.</summary>
    public int Highest() => HighestFrom(PageCount == 0 ? None : _sorted[PageCount - 1]);

    private int LowestFrom(int page)
    {
        // A page in use holds an order, but for the moment between a page's birth and its first order.
        for (; page != None; page = _next[page])
        {
            if (_bits[page] != 0)
                return (page << PageBits) + BitOperations.TrailingZeroCount(_bits[page]);
        }

        return None;
    }

    private int HighestFrom(int page)
    {
        for (; page != None; page = _previous[page])
        {
            if (_bits[page] != 0)
                return (page << PageBits) + 63 - BitOperations.LeadingZeroCount(_bits[page]);
        }

        return None;
    }

    /// <summary>Position of the first page whose key is not below <paramref name="key"/>.</summary>
    private int Search(long key)
    {
        int low = 0;
        int high = PageCount;
        while (low < high)
        {
            int middle = (low + high) >> 1;
            if (_keys[_sorted[middle]] < key)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int FindOrAddPage(long key)
    {
        int at = Search(key);
        int page;
        if (at < PageCount && _keys[_sorted[at]] == key)
        {
            page = _sorted[at];
        }
        else
        {
            page = TakePage();
            _keys[page] = key;
            Array.Copy(_sorted, at, _sorted, at + 1, PageCount - at);
            _sorted[at] = page;
            PageCount++;
            int before = at > 0 ? _sorted[at - 1] : None;
            int after = at + 1 < PageCount ? _sorted[at + 1] : None;
            Join(before, page);
            Join(page, after);
        }

        _cache[(int)(key & (CacheSize - 1))] = new CachedPage { Key = key, Page = page };
        return page;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FreePage(int page)
    {
        long key = _keys[page];
        int at = Search(key);
        Invariant.Holds(_sorted[at] == page);
        Array.Copy(_sorted, at + 1, _sorted, at, PageCount - at - 1);
        PageCount--;
        Join(_previous[page], _next[page]);
        ref CachedPage cached = ref _cache[(int)(key & (CacheSize - 1))];
        if (cached.Key == key)
            cached.Key = -1;
        _next[page] = _freeHead;
        _freeHead = page;
    }

    private void Join(int before, int after)
    {
        if (before != None)
            _next[before] = after;
        if (after != None)
            _previous[after] = before;
    }

    private int TakePage()
    {
        if (_freeHead == None)
        {
            int pages = _bits.Length;
            _levels.Grow(pages * 2 * PageSize);
            Array.Resize(ref _bits, pages * 2);
            Array.Resize(ref _keys, pages * 2);
            Array.Resize(ref _next, pages * 2);
            Array.Resize(ref _previous, pages * 2);
            Array.Resize(ref _sorted, pages * 2);
            Adopt(pages, pages * 2);
        }

        int page = _freeHead;
        _freeHead = _next[page];
        _next[page] = None;
        _previous[page] = None;
        return page;
    }

    private void Adopt(int from, int to)
    {
        for (int page = to - 1; page >= from; page--)
        {
            _next[page] = _freeHead;
            _freeHead = page;
        }

        for (int handle = from * PageSize; handle < to * PageSize; handle++)
            _levels[handle] = new Level { Head = OrderTable.Nil, Tail = OrderTable.Nil };
    }

    private struct CachedPage
    {
        public long Key;
        public int Page;
    }
}
