using Exchange.Core.Instruments;
using Exchange.Core.MarketData.Computed;
using Exchange.Core.MarketData.Features;
using Exchange.Edge.Hosting;

namespace Exchange.Edge.Native.Features;

/// <summary>Features of an entity wherever they come from: what the venue makes of a symbol, and what was put.</summary>
internal sealed class FeatureReader(Venue venue, InstrumentTable instruments, MarketFeatures computed, TimeProvider time)
{
    /// <summary>By name; see <see cref="Core.Port.IExchange.GetFeatures"/>.</summary>
    /// <param name="asOfMs">As it was known then; of the future nothing more is known than now.</param>
    public async ValueTask<FeaturePage> List(string entity, string prefix, string? after, int limit, long asOfMs)
    {
        long nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        FeaturePage put = await venue.Bounded(venue.Exchange.GetFeatures(entity, prefix, after, limit, asOfMs, CancellationToken.None));
        if (instruments.Find(entity, "entity", out Instrument instrument) is not null)
            return put;
        List<Feature> made = computed.List(instrument, prefix, after, limit + 1, Math.Min(asOfMs, nowMs));
        if (made.Count == 0)
            return put;

        Feature[] all = [.. made.Concat(put.Features).OrderBy(feature => feature.Name, StringComparer.Ordinal)];
        bool isMore = put.Next is not null || all.Length > limit;
        Feature[] page = all.Length > limit ? all[..limit] : all;
        return new FeaturePage(page, isMore ? page[^1].Name : null);
    }
}
