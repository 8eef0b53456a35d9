using Exchange.Core.Nodes;
using Exchange.Core.Wire;
using Exchange.Grains.Interfaces;

namespace Exchange.Grains.Markets;

/// <summary>Tells silos what a source makes, once it is durable; each in its own time, and none holds up the source.</summary>
/// <remarks>
/// Each follower has one call in flight, which takes along all that was made meanwhile, and answers where it goes on. One that fails, or falls
/// behind what is kept, is dropped: it asks again, and is then told how all stands. So a follower costs at most one snapshot for each
/// time it asks. Used by the source's turns alone.
/// </remarks>
/// <param name="mostKept">Events, and segments, kept for followers that are behind.</param>
/// <param name="find">How a silo is told.</param>
internal sealed class MarketTeller(
    JournaledNode node, MarketSource source, int mostKept, Func<string, Func<MarketBatch, Task<MarketPlace>>> find, Func<bool> isOver)
{
    /// <summary>Events and segments of one call, give or take a segment.</summary>
    private const int MostAtOnce = 4_096;

    /// <summary>How often it is told that time goes on though nothing happens.</summary>
    private const long QuietMs = 1_000;
    private readonly MarketTape _tape = new(mostKept);
    private readonly Dictionary<string, Follower> _followers = [];
    private MarketBatch? _snapshot;
    private ulong _epoch;
    private ulong _durable;
    private long _toldMs;
    private long _toldHeld;

    /// <summary>Silos that are told.</summary>
    public int FollowerCount => _followers.Count;

    /// <summary>Begins where the snapshot stands that was read back.</summary>
    public void Begin(ulong epoch)
    {
        _epoch = epoch;
        _durable = node.Sequence;
        _tape.Begin(node.Sequence);
    }

    /// <summary>What was made up to here becomes durable as a whole or not at all.</summary>
    public void Cut()
    {
        if (_snapshot is { } snapshot && snapshot.Segments[0].Through <= _durable)
            _snapshot = null;
        bool isNews = source.Made.Count != 0 || source.Held != _toldHeld || source.TimeMs - _toldMs >= QuietMs;
        if (!isNews || node.Sequence == _tape.Through)
            return;
        _toldMs = source.TimeMs;
        _toldHeld = source.Held;
        _tape.Add(node.Sequence, _toldMs, _toldHeld, source.Made);
        source.Made.Clear();
    }

    /// <summary>Everything up to a record is durable.</summary>
    public void Release(ulong sequence)
    {
        _durable = sequence;
        foreach (Follower follower in _followers.Values)
            Go(follower);
    }

    public void Follow(string silo, MarketPlace heard)
    {
        if (!_followers.TryGetValue(silo, out Follower? follower))
            _followers[silo] = follower = new Follower(silo, find(silo));
        follower.MayBeginAnew = true;
        if (follower.IsTold)
            return;
        follower.Heard = heard;
        Go(follower);
    }

    private void Go(Follower follower)
    {
        if (!follower.IsTold)
            _ = Tell(follower);
    }

    private async Task Tell(Follower follower)
    {
        follower.IsTold = true;
        try
        {
            while (!isOver() && Next(follower) is { } batch)
            {
                MarketPlace heard = await follower.Tell(batch);
                if (heard == follower.Heard)
                    throw new InvalidOperationException($"{follower.Key} does not go on from {heard}.");
                follower.Heard = heard;
            }
        }
        catch (Exception)
        {
            // Gone, or too slow, or not to be told by this activation: whoever lives asks again.
            _followers.Remove(follower.Key);
        }
        finally
        {
            follower.IsTold = false;
        }
    }

    private MarketBatch? Next(Follower follower)
    {
        MarketPlace heard = follower.Heard;
        if (heard.Epoch == 0 || heard.Sequence < _tape.From || heard.Sequence > node.Sequence)
            return BeginAnew(follower);
        follower.MayBeginAnew = false;
        MarketSegment[] segments = _tape.Read(heard.Sequence, _durable, MostAtOnce);
        return segments.Length == 0 ? null : new MarketBatch(node.Id, _epoch, segments);
    }

    private MarketBatch? BeginAnew(Follower follower)
    {
        if (!follower.MayBeginAnew)
            throw new InvalidOperationException($"{follower.Key} is too far behind.");
        _snapshot ??= TakeSnapshot();
        if (_snapshot.Segments[0].Through > _durable)
            return null; // It shows what is not durable yet.
        follower.MayBeginAnew = false;
        return _snapshot;
    }

    private MarketBatch TakeSnapshot()
    {
        var writer = new SnapshotWriter(64 << 10);
        source.Write(writer);
        return new MarketBatch(node.Id, _epoch, new MarketSegment(0, node.Sequence, source.TimeMs, source.Held, []), writer.Written);
    }

    private sealed class Follower(string key, Func<MarketBatch, Task<MarketPlace>> tell)
    {
        public string Key => key;

        public Func<MarketBatch, Task<MarketPlace>> Tell => tell;

        public MarketPlace Heard { get; set; }

        /// <summary>It asked, and was not told how all stands since.</summary>
        public bool MayBeginAnew { get; set; }

        public bool IsTold { get; set; }
    }
}
