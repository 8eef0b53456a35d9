namespace Exchange.Core.Port;

/// <summary>Why an account's events cannot be told from a cursor on.</summary>
public enum CursorRefusal
{
    None = 0,

    /// <summary>What happened since is not all known any more, or too much.</summary>
    TooOld = 1,

    /// <summary>It is of what has not happened.</summary>
    Unknown = 2,
}

/// <summary>Somebody who hears of one account's events until this is disposed.</summary>
public sealed class OwnSubscription : IDisposable
{
    private Action? _end;

    /// <param name="begin">Where the subscription begins, before what was missed.</param>
    /// <param name="missed">What happened since the cursor asked for; what follows is told to the subscriber.</param>
    /// <param name="end">Ends it.</param>
    public OwnSubscription(OwnCursor begin, OwnEvent[] missed, Action end)
    {
        Begin = begin;
        Missed = missed;
        _end = end;
    }

    /// <summary>None was made.</summary>
    public OwnSubscription(CursorRefusal refusal)
    {
        Refusal = refusal;
        Missed = [];
    }

    public CursorRefusal Refusal { get; }

    public OwnCursor Begin { get; }

    public IReadOnlyList<OwnEvent> Missed { get; }

    public void Dispose() => Interlocked.Exchange(ref _end, null)?.Invoke();
}
