namespace Exchange.Cli.Index;

/// <summary>When to try again after a failure: at once the first time, then after 1 s, doubling to half a minute.</summary>
internal sealed class Backoff(TimeProvider clock)
{
    private const long FirstMs = 1_000;
    private const long MostMs = 30_000;
    private long _waitMs = FirstMs;
    private long _nextMs;

    public bool IsDue => NowMs >= _nextMs;

    private long NowMs => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public void Succeeded()
    {
        _waitMs = FirstMs;
        _nextMs = 0;
    }

    public void Failed()
    {
        _nextMs = NowMs + _waitMs;
        _waitMs = Math.Min(_waitMs * 2, MostMs);
    }
}
