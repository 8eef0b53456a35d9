namespace Exchange.Core.Signatures;

/// <summary>Remembers the signatures of changing requests for as long as they could be sent again.</summary>
/// <remarks>
/// A signature counts until its timestamp leaves the widest receive window, so one set a second of timestamps is kept and
/// dropped whole. Bounded: when full, the oldest second is dropped and everything stamped in it is refused from then on;
/// under a flood the window narrows, but nothing is ever accepted twice. Times are Unix milliseconds and come with the request.
/// </remarks>
/// <param name="capacity">Signatures kept at most; 32 bytes each.</param>
/// <param name="floorMs">Stamps before this may have been taken by a memory that is gone, and are refused.</param>
public sealed class SignatureMemory(int capacity, long floorMs)
{
    /// <summary>How long a signature may be sent, whatever window a repeat comes with: the window is not signed.</summary>
    public const int WidestWindowMs = 60_000;

    /// <summary>How far ahead of the clock a stamp may be.</summary>
    public const int MostAheadMs = 1_000;

    private readonly SortedList<long, Second> _seconds = [];
    private long _floorMs = floorMs;
    private int _count;

    /// <summary>What was stamped within one second.</summary>
    private sealed class Second
    {
        public HashSet<UInt128> Signatures { get; } = [];
    }

    /// <summary>Requests stamped before this are refused. It only rises.</summary>
    public long FloorMs => Volatile.Read(ref _floorMs);

    /// <summary>Takes a signature once.</summary>
    /// <param name="signature">The first half of a valid signature: 128 bits that its key's owner cannot choose.</param>
    /// <param name="timestampMs">The request's own.</param>
    /// <param name="nowMs">Requests stamped <see cref="WidestWindowMs"/> before this are refused anyway.</param>
    public SignatureOutcome Take(UInt128 signature, long timestampMs, long nowMs)
    {
        long second = timestampMs / 1_000;
        Forget((nowMs - WidestWindowMs) / 1_000);
        if (timestampMs < _floorMs)
            return _floorMs > nowMs ? SignatureOutcome.Unknown : SignatureOutcome.Forgotten;
        if (_count >= capacity && !MakeRoom(second))
            return SignatureOutcome.Full;
        if (!_seconds.TryGetValue(second, out Second? seen))
            _seconds[second] = seen = new Second();
        if (!seen.Signatures.Add(signature))
            return SignatureOutcome.Seen;
        _count++;
        return SignatureOutcome.Fresh;
    }

    private void Forget(long beforeSecond)
    {
        while (_seconds.Count > 0 && _seconds.GetKeyAtIndex(0) < beforeSecond)
            DropOldest();
    }

    private bool MakeRoom(long second)
    {
        if (_seconds.Count == 0 || _seconds.GetKeyAtIndex(0) >= second)
            return false;
        DropOldest();
        return true;
    }

    private void DropOldest()
    {
        Volatile.Write(ref _floorMs, Math.Max(_floorMs, (_seconds.GetKeyAtIndex(0) + 1) * 1_000));
        _count -= _seconds.GetValueAtIndex(0).Signatures.Count;
        _seconds.RemoveAt(0);
    }
}

/// <summary>What became of a signature that was to be taken.</summary>
public enum SignatureOutcome : byte
{
    Fresh = 0,
    Seen = 1,

    /// <summary>Stamped in a time no longer remembered.</summary>
    Forgotten = 2,

    /// <summary>This very second has filled the memory.</summary>
    Full = 3,

    /// <summary>Whoever remembers cannot be asked, or has just taken over and cannot know yet: another signature a little later passes.</summary>
    Unknown = 4,
}
