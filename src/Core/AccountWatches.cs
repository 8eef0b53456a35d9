namespace Exchange.Core;

/// <summary>Accounts to look at when the next liquidation instant comes: whatever moved them since the last one.</summary>
/// <remarks>
/// Between instants <see cref="Note"/> costs a bit test. At an instant <see cref="BeginPass"/> and <see cref="TryNext"/> hand them
/// out by rising id; one noted meanwhile joins the pass if its id is above the one being worked, else it waits for the next
/// instant (docs/protocol.md 5).
/// </remarks>
internal sealed class AccountWatches
{
    private byte[] _noted = new byte[1024];
    private uint[] _heap = new uint[64];
    private int _heapCount;
    private uint[] _later = new uint[64];
    private int _laterCount;
    private uint[] _seen = new uint[64];
    private bool _isInPass;
    private uint _current;

    /// <summary>Accounts handed out or noted since the pass began, by id once <see cref="EndPass"/> was called.</summary>
    public ReadOnlySpan<uint> Seen => _seen.AsSpan(0, SeenCount);

    private int SeenCount { get; set; }

    public void Reserve(uint account)
    {
        if (account >= _noted.Length)
            Array.Resize(ref _noted, (int)Math.Max(account + 1, _noted.Length * 2L));
    }

    public void Note(uint account)
    {
        if (_noted[account] != 0)
            return;
        _noted[account] = 1;
        if (_isInPass && account > _current)
            Push(account);
        else
            Add(ref _later, ref _laterCount, account);
    }

    public bool IsNoted(uint account) => _noted[account] != 0;

    /// <summary>Starts a pass over all that is noted.</summary>
    public void BeginPass()
    {
        SeenCount = 0;
        _current = 0;
        for (int i = 0; i < _laterCount; i++)
            Push(_later[i]);
        _laterCount = 0;
        _isInPass = true;
    }

    /// <summary>The account with the lowest id not worked yet.</summary>
    public bool TryNext(out uint account)
    {
        if (_heapCount == 0)
        {
            account = 0;
            return false;
        }

        account = Pop();
        _current = account;
        _noted[account] = 0;
        int count = SeenCount;
        Add(ref _seen, ref count, account);
        SeenCount = count;
        return true;
    }

    /// <summary>Ends the pass: <see cref="Seen"/> then holds all accounts it worked and all that were noted for later, by id.</summary>
    public void EndPass()
    {
        _isInPass = false;
        int count = SeenCount;
        for (int i = 0; i < _laterCount; i++)
            Add(ref _seen, ref count, _later[i]);
        _seen.AsSpan(0, count).Sort();
        int kept = 0;
        for (int i = 0; i < count; i++)
        {
            if (kept == 0 || _seen[kept - 1] != _seen[i])
                _seen[kept++] = _seen[i];
        }

        SeenCount = kept;
    }

    /// <summary>Forgets all notes: everything seen is known to be safe, or is noted anew by the caller.</summary>
    public void Forget()
    {
        for (int i = 0; i < _laterCount; i++)
            _noted[_later[i]] = 0;
        _laterCount = 0;
    }

    /// <summary>What is noted, by id: part of the state.</summary>
    public uint[] ToArray()
    {
        uint[] noted = _later[.._laterCount];
        Array.Sort(noted);
        return noted;
    }

    private static void Add(ref uint[] list, ref int count, uint account)
    {
        if (count == list.Length)
            Array.Resize(ref list, count * 2);
        list[count++] = account;
    }

    private void Push(uint account)
    {
        int at = _heapCount;
        Add(ref _heap, ref _heapCount, account);
        while (at > 0 && _heap[(at - 1) >> 1] > account)
        {
            _heap[at] = _heap[(at - 1) >> 1];
            at = (at - 1) >> 1;
        }

        _heap[at] = account;
    }

    private uint Pop()
    {
        uint top = _heap[0];
        uint last = _heap[--_heapCount];
        int at = 0;
        while (2 * at + 1 < _heapCount)
        {
            int child = 2 * at + 1;
            if (child + 1 < _heapCount && _heap[child + 1] < _heap[child])
                child++;
            if (_heap[child] >= last)
                break;
            _heap[at] = _heap[child];
            at = child;
        }

        _heap[at] = last;
        return top;
    }
}
