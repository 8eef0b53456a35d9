using Exchange.Core.MarketData.Features;

namespace Exchange.Grains.Interfaces;

/// <summary>What is known of one entity; key: the entity.</summary>
public interface IFeatureCacheGrain : IGrainWithStringKey
{
    /// <summary>See <see cref="FeatureCache.Put"/>. Answered at once, written soon after.</summary>
    ValueTask<Told<FeaturePut>> Put(Told<Feature> feature);

    /// <summary>See <see cref="FeatureCache.List"/>.</summary>
    ValueTask<Told<FeaturePage>> List(string prefix, string? after, int limit, long asOfMs);

    /// <summary>See <see cref="FeatureCache.Join"/>.</summary>
    ValueTask<Told<FeatureCells>> Join(string[] names, long[] asOfMs);

    /// <summary>See <see cref="FeatureCache.Remove"/>.</summary>
    ValueTask<int> Remove(string prefix);
}
