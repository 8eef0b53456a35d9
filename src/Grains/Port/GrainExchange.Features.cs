using Exchange.Core.MarketData.Features;
using Exchange.Core.Port;
using Exchange.Grains.Interfaces;

namespace Exchange.Grains.Port;

/// <content>Features: an entity's are asked of its grain, on whatever silo that lives.</content>
public sealed partial class GrainExchange
{
    public async ValueTask<FeaturePut> PutFeature(Feature feature, CancellationToken cancellation) =>
        (await AskFeatures(feature.Entity, grain => grain.Put(new Told<Feature>(feature)), cancellation)).Value;

    public async ValueTask<FeaturePage> GetFeatures(string entity, string prefix, string? after, int limit, long asOfMs, CancellationToken cancellation) =>
        (await AskFeatures(entity, grain => grain.List(prefix, after, limit, asOfMs), cancellation)).Value;

    public async ValueTask<FeatureCells> JoinFeatures(
        string entity, IReadOnlyList<string> names, IReadOnlyList<long> asOfMs, CancellationToken cancellation) =>
        (await AskFeatures(entity, grain => grain.Join([.. names], [.. asOfMs]), cancellation)).Value;

    public ValueTask<int> RemoveFeatures(string entity, string prefix, CancellationToken cancellation) =>
        AskFeatures(entity, grain => grain.Remove(prefix), cancellation);

    /// <summary>To ask twice does no harm: the same put again is the same.</summary>
    private async ValueTask<T> AskFeatures<T>(string entity, Func<IFeatureCacheGrain, ValueTask<T>> ask, CancellationToken cancellation)
    {
        try
        {
            return await _features.Ask(() => ask(_grains.GetGrain<IFeatureCacheGrain>(entity)), cancellation);
        }
        catch (VenueOverloadedException cause)
        {
            throw new FeaturesUnavailableException(cause);
        }
    }
}
