using Exchange.Core.Instruments;
using Exchange.Core.MarketData.Computed;
using Exchange.Core.MarketData.Features;
using Exchange.Edge.Hosting;

namespace Exchange.Edge.Native.Features;

/// <summary>Features of an entity wherever they come from: what the venue makes of a symbol, and what was put.</summary>
internal sealed class FeatureReader(Venue venue, InstrumentTable instruments, MarketFeatures computed, RequestedFeatures requested, TimeProvider time)
{
    /// <summary>By name; see <see cref="Core.Port.IExchange.GetFeatures"/>.</summary>
    /// <param name="asOfMs">As it was known then; of the future nothing more is known than now.</param>
    public async ValueTask<FeaturePage> List(string entity, string prefix, string? after, int limit, long asOfMs)
    {
        long nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        FeaturePage put = await venue.Bounded(venue.Exchange.GetFeatures(entity, prefix, after, limit, asOfMs, CancellationToken.None));
        if (instruments.Find(entity, "entity", out Instrument instrument) is not null)
            return put;
        if (asOfMs >= nowMs && after is null && FeatureName.IsName(prefix) && FeatureClasses.IsComputed(prefix) && computed.Features.Find(prefix) < 0)
            return new FeaturePage(requested.Find(instrument, prefix) is { } one ? [one] : [], null);
        List<Feature> made = computed.List(instrument, prefix, after, limit + 1, Math.Min(asOfMs, nowMs));
        if (made.Count == 0)
            return put;

        Feature[] all = [.. made.Concat(put.Features).OrderBy(feature => feature.Name, StringComparer.Ordinal)];
        bool isMore = put.Next is not null || all.Length > limit;
        Feature[] page = all.Length > limit ? all[..limit] : all;
        return new FeaturePage(page, isMore ? page[^1].Name : null);
    }

    /// <summary>Cells of a query: of an entity all times of the first feature, then of the next; null: nothing was known then.</summary>
    public async ValueTask<Feature?[]> Join(string entity, FeatureQuery query)
    {
        long nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        instruments.Find(entity, "entity", out Instrument? instrument);
        int times = query.TimesMs.Count;
        var cells = new Feature?[query.Names.Count * times];
        int[] put = [.. Enumerable.Range(0, query.Names.Count).Where(name => !FeatureClasses.IsComputed(query.Names[name]))];
        if (put.Length != 0)
        {
            FeatureCells found = await venue.Bounded(
                venue.Exchange.JoinFeatures(entity, [.. put.Select(name => query.Names[name])], query.TimesMs, CancellationToken.None));
            for (int i = 0; i < put.Length; i++)
                found.Cells.AsSpan(i * times, times).CopyTo(cells.AsSpan(put[i] * times));
        }

        for (int name = 0; name < query.Names.Count && instrument is not null; name++)
        {
            for (int at = 0; at < times && FeatureClasses.IsComputed(query.Names[name]); at++)
                cells[name * times + at] = computed.Find(instrument, query.Names[name], Math.Min(query.TimesMs[at], nowMs));
        }

        return cells;
    }
}
