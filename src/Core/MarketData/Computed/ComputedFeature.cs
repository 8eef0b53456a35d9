using System.Collections.Immutable;
using Exchange.Core.MarketData.Features;
using Exchange.Core.MarketData.Indicators;

namespace Exchange.Core.MarketData.Computed;

/// <summary>A feature that the venue makes itself.</summary>
/// <param name="Name">kind:interval:name, as of what is put.</param>
/// <param name="Interval">Of the candles it is made of; for what is read from the book a second.</param>
/// <param name="Column">Its place among what is made together.</param>
public readonly record struct ComputedFeature(string Name, CandleInterval Interval, int Column, bool IsOfBook)
{
    /// <summary>What is made together becomes known together: of an interval's candles, by its number, or of the book, which is the last.</summary>
    public int Group => IsOfBook ? CandleIntervals.Count : (int)Interval;
}

/// <summary>All features that the venue makes of each symbol, by name.</summary>
public sealed class ComputedFeatures
{
    /// <summary>Levels of a side that <c>imbalance</c> looks at.</summary>
    public const int ImbalanceLevels = 5;

    public const int Groups = CandleIntervals.Count + 1;

    internal const int Sign = 0;
    internal const int Rate = 1;
    internal const int TapeColumns = 2;
    internal const int BookColumns = 5;

    private static readonly ImmutableArray<string> Tape = ["sign", "rate"];
    private static readonly ImmutableArray<string> Book = ["spread", "mid", "microprice", "imbalance", "orderFlowImbalance"];

    public ComputedFeatures(IndicatorSet indicators)
    {
        Indicators = indicators;
        var all = new List<ComputedFeature>();
        foreach (CandleInterval interval in CandleIntervals.All)
        {
            for (int i = 0; i < indicators.Labels.Length; i++)
                all.Add(new ComputedFeature($"{FeatureClasses.Indicator}:{interval.Text()}:{indicators.Labels[i]}", interval, TapeColumns + i, false));
            for (int i = 0; i < TapeColumns; i++)
                all.Add(new ComputedFeature($"{FeatureClasses.Tape}:{interval.Text()}:{Tape[i]}", interval, i, false));
        }

        for (int i = 0; i < BookColumns; i++)
            all.Add(new ComputedFeature($"{FeatureClasses.Book}:{CandleInterval.OneSecond.Text()}:{Book[i]}", CandleInterval.OneSecond, i, true));
        All = [.. all.OrderBy(feature => feature.Name, StringComparer.Ordinal)];
        ByGroup = [.. Enumerable.Range(0, Groups).Select(group => All.Where(feature => feature.Group == group).ToImmutableArray())];
    }

    public IndicatorSet Indicators { get; }

    /// <summary>By name.</summary>
    public ImmutableArray<ComputedFeature> All { get; }

    /// <summary>Those of each <see cref="ComputedFeature.Group"/>, by name.</summary>
    public ImmutableArray<ImmutableArray<ComputedFeature>> ByGroup { get; }

    /// <summary>Where those with such first parts of their names lie, and behind a name.</summary>
    public (int From, int End) RunOf(string prefix, string? after)
    {
        int whole = Find(prefix);
        (int from, int end) = prefix.Length == 0 ? (0, All.Length)
            : whole >= 0 ? (whole, whole + 1)
            : (~Find($"{prefix}{FeatureName.Separator}"), ~Find($"{prefix}{(char)(FeatureName.Separator + 1)}"));
        if (after is not null)
        {
            int behind = Find(after);
            from = Math.Max(from, behind >= 0 ? behind + 1 : ~behind);
        }

        return (from, Math.Max(from, end));
    }

    /// <summary>Where one is, or the complement of where it would be.</summary>
    public int Find(string name) => All.AsSpan().BinarySearch(new Named(name));

    private readonly record struct Named(string Name) : IComparable<ComputedFeature>
    {
        public int CompareTo(ComputedFeature other) => string.CompareOrdinal(Name, other.Name);
    }
}
