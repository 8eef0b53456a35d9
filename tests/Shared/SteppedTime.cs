namespace Exchange.Tests.Shared;

/// <summary>A clock that stands until it is moved.</summary>
internal sealed class SteppedTime : TimeProvider
{
    private long _nowMs = 1_800_000_000_000;

    public long NowMs => Volatile.Read(ref _nowMs);

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(NowMs);

    public void Advance(long ms) => Interlocked.Add(ref _nowMs, ms);
}
