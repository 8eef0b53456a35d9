using Exchange.Core.Books;
using Exchange.Core.Port;

namespace Exchange.Core.Accounts.Links;

/// <summary>How far an account has come with a book.</summary>
internal enum LinkPhase : byte
{
    /// <summary>The list of books is being written; nothing was sent.</summary>
    Entering = 0,

    /// <summary>Register was sent; commands wait.</summary>
    Registering = 1,
    Ready = 2,

    /// <summary>Leave was sent.</summary>
    Leaving = 3,
}

/// <summary>An account's link to one book: commands that wait, the batch in flight, what was acknowledged.</summary>
internal sealed class BookLink(int symbol)
{
    private BookInput[] _queue = [];
    private ulong[] _queueTokens = [];

    /// <summary>The write that must be durable before a command, or one queued before it, may leave.</summary>
    private ulong[] _queueAfter = [];
    private BookInput[] _sent = [];
    private ulong[] _sentTokens = [];

    /// <summary>Null: nothing waits, and mostly never will again.</summary>
    private Queue<(Command Command, ulong Token)>? _waiting;

    public int Symbol { get; } = symbol;

    public LinkPhase Phase;

    /// <summary>Orders and positions of a former life are not known until this book has answered.</summary>
    public bool IsRecovering;

    /// <summary>The write that must be durable before Register goes out.</summary>
    public ulong EntryWrite;

    /// <summary>When what is in flight was last sent, and first.</summary>
    public long SentMs;
    public long FirstSentMs;

    public ulong EventAtCut;
    public ulong RangeAtCut;
    public ulong DurableEvent;
    public ulong AcknowledgedEvent;
    public ulong RangeTaken;
    public long RangeSentMs;

    /// <summary>The liquidation pool whose cancel is on its way; and one for risk, or because the account is frozen.</summary>
    public ulong CancelLiquidation;
    public long CancelPool;
    public bool IsCancelingAll;

    /// <summary>Null: the ring is empty, or not known yet.</summary>
    public ClientIdMemory? ClientIds;

    /// <summary>The book has told its ring. Until then nobody knows whether an order with RETURN is a repeat, so it waits.</summary>
    public bool HasClientIds;

    public int QueueCount { get; private set; }

    public int SentCount { get; private set; }

    public ReadOnlySpan<BookInput> Sent => _sent.AsSpan(0, SentCount);

    public ReadOnlySpan<ulong> SentTokens => _sentTokens.AsSpan(0, SentCount);

    public ReadOnlySpan<BookInput> Queue => _queue.AsSpan(0, QueueCount);

    public ReadOnlySpan<ulong> QueueTokens => _queueTokens.AsSpan(0, QueueCount);

    /// <summary>The write that must be durable before the next batch may leave; 0: none.</summary>
    public ulong NextAfter => QueueCount == 0 ? 0 : _queueAfter[Math.Min(QueueCount, Limits.CommandsPerBatch) - 1];

    /// <param name="after">The write that holds what the command was judged by; 0: what is durable.</param>
    public void Enqueue(in BookInput input, ulong token, ulong after = 0)
    {
        if (QueueCount == _queue.Length)
        {
            int room = Math.Max(1, QueueCount * 2);
            Array.Resize(ref _queue, room);
            Array.Resize(ref _queueTokens, room);
            Array.Resize(ref _queueAfter, room);
        }

        _queue[QueueCount] = input;
        _queueAfter[QueueCount] = QueueCount == 0 ? after : Math.Max(after, _queueAfter[QueueCount - 1]);
        _queueTokens[QueueCount++] = token;
    }

    /// <summary>Commands are kept that could not be judged when they came.</summary>
    public bool HasWaiting => _waiting is not null;

    /// <summary>Keeps a command, not judged yet, until the ring is known, or an order that it names; false: too many do.</summary>
    public bool TryWait(in Command command, ulong token)
    {
        _waiting ??= new Queue<(Command Command, ulong Token)>();
        if (_waiting.Count >= LinkedAccount.MaxQueued)
            return false;
        _waiting.Enqueue((command, token));
        return true;
    }

    /// <summary>The one that came first.</summary>
    public bool TryPeekWaiting(out Command command, out ulong token)
    {
        (Command Command, ulong Token) first = default;
        bool hasOne = _waiting is not null && _waiting.TryPeek(out first);
        command = first.Command;
        token = first.Token;
        return hasOne;
    }

    public void TakeWaiting()
    {
        _waiting!.Dequeue();
        if (_waiting.Count == 0)
            _waiting = null;
    }

    /// <summary>Makes the next batch of what waits.</summary>
    public void BeginBatch()
    {
        Invariant.Holds(SentCount == 0);
        int count = Math.Min(QueueCount, Limits.CommandsPerBatch);
        if (_sent.Length < count)
        {
            Array.Resize(ref _sent, _queue.Length);
            Array.Resize(ref _sentTokens, _queue.Length);
        }

        for (int i = 0; i < count; i++)
        {
            _sent[i] = _queue[i];
            _sent[i].Count = (ushort)count;
            Invariant.Holds(_sent[i].Index == i);
        }

        _queueTokens.AsSpan(0, count).CopyTo(_sentTokens);
        SentCount = count;
        QueueCount -= count;
        _queue.AsSpan(count, QueueCount).CopyTo(_queue);
        _queueTokens.AsSpan(count, QueueCount).CopyTo(_queueTokens);
        _queueAfter.AsSpan(count, QueueCount).CopyTo(_queueAfter);
    }

    public void EndBatch() => SentCount = 0;
}
