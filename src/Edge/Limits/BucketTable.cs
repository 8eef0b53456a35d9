using System.Collections.Concurrent;
using System.Threading.RateLimiting;

namespace Exchange.Edge.Limits;

/// <summary>A token bucket for each client of a kind, bounded in number.</summary>
/// <remarks>
/// The buckets are the framework's; its partitioned limiter is not used, for it keeps as many as an attacker has addresses. A full
/// bucket is as good as a new one, so those are dropped when there is no room; should none be full, whoever comes then shares one.
/// Filled when asked, not by timers: nothing runs for clients who are away.
/// </remarks>
internal sealed class BucketTable<TClient> : IDisposable
    where TClient : notnull
{
    private const int SweepMs = 1_000;

    private readonly ConcurrentDictionary<TClient, TokenBucketRateLimiter> _buckets = new();
    private readonly TokenBucketRateLimiterOptions _options;
    private readonly TokenBucketRateLimiter _shared;
    private readonly int _most;
    private readonly TimeProvider _time;
    private readonly Lock _sweeping = new();
    private long _lastSweep;
    private int _count;

    /// <param name="name">In the RateLimit-Policy header.</param>
    /// <param name="perSecond">What comes in again.</param>
    /// <param name="burst">What a full one holds.</param>
    /// <param name="most">Buckets kept.</param>
    public BucketTable(string name, int perSecond, int burst, int most, TimeProvider time)
    {
        _options = new TokenBucketRateLimiterOptions
        {
            TokenLimit = burst, TokensPerPeriod = 1, ReplenishmentPeriod = TimeSpan.FromSeconds(1) / perSecond, AutoReplenishment = false,
        };
        _shared = new TokenBucketRateLimiter(_options);
        _most = most;
        _time = time;
        _lastSweep = time.GetTimestamp();
        Policy = new RatePolicy(name, perSecond, burst);
    }

    public RatePolicy Policy { get; }

    public int Count => Volatile.Read(ref _count);

    /// <summary>Takes from what lies in a client's bucket; false: it would have to be filled first, which <see cref="Take"/> does.</summary>
    /// <remarks>For whoever is not told the standing: one lock instead of three on a bucket that many connections share.</remarks>
    public bool TryTake(TClient client, int tokens)
    {
        using RateLimitLease lease = BucketOf(client).AttemptAcquire(tokens);
        return lease.IsAcquired;
    }

    /// <summary>Fills a client's bucket with what came in meanwhile and takes from it all or nothing.</summary>
    /// <param name="tokens">At most a full bucket.</param>
    public RateStanding Take(TClient client, int tokens)
    {
        TokenBucketRateLimiter bucket = BucketOf(client);
        bucket.TryReplenish();
        using RateLimitLease lease = bucket.AttemptAcquire(tokens);
        long left = bucket.GetStatistics()!.CurrentAvailablePermits;
        if (lease.IsAcquired)
            return new RateStanding(Policy, left, 0);
        long missing = tokens - left;
        return new RateStanding(Policy, left, (int)Math.Max(1, (missing + Policy.PerSecond - 1) / Policy.PerSecond));
    }

    public void Dispose() => _shared.Dispose();

    private TokenBucketRateLimiter BucketOf(TClient client)
    {
        if (_buckets.TryGetValue(client, out TokenBucketRateLimiter? bucket))
            return bucket;
        if (Count >= _most && !MakeRoom())
            return _shared;
        bucket = new TokenBucketRateLimiter(_options);
        if (!_buckets.TryAdd(client, bucket))
            return BucketOf(client);
        Interlocked.Increment(ref _count);
        return bucket;
    }

    private bool MakeRoom()
    {
        lock (_sweeping)
        {
            if (Count < _most)
                return true;

            // Walking them all is dear: under a flood of new clients once a second is enough.
            if (_time.GetElapsedTime(_lastSweep).TotalMilliseconds < SweepMs)
                return false;
            _lastSweep = _time.GetTimestamp();
            foreach ((TClient client, TokenBucketRateLimiter bucket) in _buckets)
            {
                bucket.TryReplenish();
                if (bucket.IdleDuration is not null && _buckets.TryRemove(client, out _))
                    Interlocked.Decrement(ref _count);
            }

            return Count < _most;
        }
    }
}
