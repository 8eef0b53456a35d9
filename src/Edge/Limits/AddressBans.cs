using System.Collections.Concurrent;

namespace Exchange.Edge.Limits;

/// <summary>Shuts out addresses that go on asking after they were refused, each time for twice as long.</summary>
/// <remarks>
/// A client that waits as it is told never comes near: a few hundred refusals are forgiven, for all its connections may have had requests
/// under way when the bucket ran dry. By address, not by key: or anybody could have another's key shut out.
/// </remarks>
internal sealed class AddressBans(ClientLimitOptions options, TimeProvider time) : IDisposable
{
    private readonly BucketTable<AddressBlock> _patience =
        new("patience", options.RefusalsPerSecond, options.RefusalsBurst, options.BucketsKept, time);

    private readonly ConcurrentDictionary<AddressBlock, Ban> _bans = new();
    private readonly Lock _gate = new();
    private int _count;

    /// <param name="EndsMs">Unix milliseconds.</param>
    /// <param name="Times">How often in a row: each time counts until a while after its end.</param>
    private sealed record Ban(long EndsMs, int Times)
    {
        /// <summary>Requests during it. Guarded by the gate.</summary>
        public int Ignored { get; set; }
    }

    /// <summary>Seconds until an address is let in again; 0: it is not shut out. To ask is to be noted while it is.</summary>
    public int Ask(AddressBlock address)
    {
        if (Volatile.Read(ref _count) == 0 || !_bans.TryGetValue(address, out Ban? ban))
            return 0;
        long nowMs = NowMs();
        if (ban.EndsMs <= nowMs)
            return 0;
        lock (_gate)
        {
            if (++ban.Ignored > options.RefusalsBurst)
                ban = Begin(address, nowMs);
        }

        return (int)((ban.EndsMs - nowMs + 999) / 1_000);
    }

    /// <summary>A request was refused for being one too many.</summary>
    public void OnRefused(AddressBlock address)
    {
        if (_patience.Take(address, 1).IsTaken)
            return;
        lock (_gate)
        {
            long nowMs = NowMs();
            if (!_bans.TryGetValue(address, out Ban? ban) || ban.EndsMs <= nowMs)
                Begin(address, nowMs);
        }
    }

    public void Dispose() => _patience.Dispose();

    private Ban Begin(AddressBlock address, long nowMs)
    {
        Ban? before = _bans.GetValueOrDefault(address);
        int times = before is null || IsForgotten(before, nowMs) ? 1 : before.Times + 1;
        long seconds = Math.Min((long)options.BanSeconds << Math.Min(times - 1, 30), options.LongestBanSeconds);
        var ban = new Ban(nowMs + (seconds * 1_000), times);
        if (before is not null || HasRoom(nowMs))
        {
            _bans[address] = ban;
            Volatile.Write(ref _count, _bans.Count);
        }

        return ban;
    }

    /// <summary>Where there is none, an address is only refused, as before.</summary>
    private bool HasRoom(long nowMs)
    {
        if (_bans.Count < options.BucketsKept)
            return true;
        foreach ((AddressBlock address, Ban ban) in _bans)
        {
            if (IsForgotten(ban, nowMs))
                _bans.TryRemove(address, out _);
        }

        return _bans.Count < options.BucketsKept;
    }

    private bool IsForgotten(Ban ban, long nowMs) => nowMs - ban.EndsMs > options.LongestBanSeconds * 1_000L;

    private long NowMs() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
