using Exchange.Core.MarketData.Features;
using Exchange.Core.Wire;

namespace Exchange.Embedded;

/// <summary>The features of a venue in one process: apart from engine and journal, so that nothing of theirs can wait for it.</summary>
internal sealed class VenueFeatures(TimeProvider clock)
{
    private readonly Lock _entering = new();
    private FeatureCache _cache = new(FeatureLimits.OfVenue);

    /// <summary>There was something to keep, or to forget, since the last file.</summary>
    private bool _isUsed;

    private long NowMs => clock.GetUtcNow().ToUnixTimeMilliseconds();

    public FeaturePut Put(Feature feature)
    {
        lock (_entering)
        {
            _isUsed = true;
            return _cache.Put(feature, NowMs);
        }
    }

    public FeaturePage List(string entity, string prefix, string? after, int limit, long asOfMs)
    {
        lock (_entering)
            return _cache.List(entity, prefix, after, limit, NowMs, asOfMs);
    }

    public FeatureCells Join(string entity, IReadOnlyList<string> names, IReadOnlyList<long> asOfMs)
    {
        lock (_entering)
            return new FeatureCells(_cache.Join(entity, names, asOfMs, NowMs));
    }

    public int Remove(string entity, string prefix)
    {
        lock (_entering)
            return _cache.Remove(entity, prefix, NowMs);
    }

    /// <summary>What an orderly stop left; what cannot be read is left aside.</summary>
    public void Load(string folder)
    {
        if (FeaturesFile.Read(folder) is not { } content)
            return;
        var read = new FeatureCache(FeatureLimits.OfVenue);
        try
        {
            read.Read(new SnapshotReader(content));
        }
        catch (SnapshotException)
        {
            return;
        }

        lock (_entering)
        {
            _isUsed = true;
            _cache = read;
        }
    }

    public void Save(string folder)
    {
        var writer = new SnapshotWriter();
        lock (_entering)
        {
            if (!_isUsed)
                return;
            _cache.Advance(NowMs);
            _cache.Write(writer);
        }

        FeaturesFile.Save(folder, writer.Written.Span);
    }
}
