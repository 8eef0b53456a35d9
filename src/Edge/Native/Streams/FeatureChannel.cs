using Exchange.Core.Instruments;
using Exchange.Core.MarketData;
using Exchange.Core.MarketData.Computed;
using Exchange.Core.MarketData.Features;

namespace Exchange.Edge.Native.Streams;

/// <summary>A symbol's features of one interval or of all: what is known at once, then whatever became known since.</summary>
internal sealed class FeatureChannel(int detail, Instrument instrument, MarketFeatures features, Delivery delivery)
{
    private readonly int[] _groups = detail switch
    {
        StreamChannel.AllIntervals => [.. Enumerable.Range(0, ComputedFeatures.Groups)],
        (int)CandleInterval.OneSecond => [detail, ComputedFeatures.Groups - 1],   // The book's, which is looked at every second.
        _ => [detail],
    };

    private readonly long[] _toldMs = new long[ComputedFeatures.Groups];
    private long _version = -1;

    public Audience Audience { get; } = new(delivery);

    /// <summary>Begins with what is known now.</summary>
    public void Add(StreamConnection connection)
    {
        long[] none = new long[ComputedFeatures.Groups];
        Feature[] known = Take(Audience.IsEmpty ? _toldMs : none, isAll: true);
        if (known.Length != 0)
            delivery.Send(connection, connection.Messages.Features(known, instrument));
        Audience.Add(connection);
    }

    /// <summary>Tells what became known since.</summary>
    public void Tell()
    {
        long version = features.Of(instrument.SymbolId)?.Version ?? -1;
        if (Audience.IsEmpty || version == _version)
            return;
        _version = version;
        Feature[] news = Take(_toldMs, isAll: false);
        if (news.Length != 0)
            Audience.Send(format => format.Features(news, instrument));
    }

    /// <summary>What became known after what was told, or all; it is told then.</summary>
    /// <param name="toldMs">By group.</param>
    private Feature[] Take(long[] toldMs, bool isAll)
    {
        var news = new List<Feature>();
        foreach (int group in _groups)
        {
            int before = news.Count;
            news.AddRange(features.Since(instrument, group, isAll ? 0 : toldMs[group]));
            for (int i = before; i < news.Count; i++)
                toldMs[group] = Math.Max(toldMs[group], news[i].KnownMs);
        }

        return [.. news];
    }
}
