namespace Exchange.Edge.Native.Streams;

/// <summary>When what a channel gathers is to be sent, on the hub's clock.</summary>
/// <remarks>
/// Nothing waits longer than the window, and messages are no closer together than it. Where events never pause a window begins with the end
/// of the one before, not with the next event: the hub's loop looks just then, and would otherwise have to come once more a moment later.
/// </remarks>
internal struct GatheringWindow(int lengthMs)
{
    private long _endedMs = long.MinValue;

    public long DueMs { get; private set; }

    /// <summary>The first event since the last end.</summary>
    public void Begin(long nowMs) => DueMs = lengthMs + (nowMs - lengthMs < _endedMs ? Math.Min(_endedMs, nowMs) : nowMs);

    /// <summary>What was gathered is sent.</summary>
    public void End(long nowMs) => _endedMs = nowMs;
}
