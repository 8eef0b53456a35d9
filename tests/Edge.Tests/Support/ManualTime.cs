namespace Exchange.Edge.Tests.Support;

/// <summary>A wall clock that stands still until it is set; timers are real.</summary>
internal sealed class ManualTime : TimeProvider
{
    public const long StartMs = 1_700_000_000_000;

    private long _nowMs = StartMs;

    public long NowMs
    {
        get => Interlocked.Read(ref _nowMs);
        set => Interlocked.Exchange(ref _nowMs, value);
    }

    public void Advance(long ms) => Interlocked.Add(ref _nowMs, ms);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(NowMs);
}
