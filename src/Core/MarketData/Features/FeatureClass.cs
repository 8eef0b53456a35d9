namespace Exchange.Core.MarketData.Features;

/// <summary>How long a feature is good for after it became known.</summary>
public enum FeatureClass
{
    /// <summary>Everything whose kind is none of the others: indicators, outputs of models.</summary>
    Feature = 0,
    Price = 1,
    News = 2,
    Fundamentals = 3,
}

/// <summary>The times to live of the classes.</summary>
public static class FeatureClasses
{
    /// <summary>Kinds that the venue makes itself, of candles, trades and the book; nobody else puts them.</summary>
    public const string Indicator = "indicator";
    public const string Tape = "tape";
    public const string Book = "book";

    /// <summary>The class that a feature's kind, the first part of its name, puts it in.</summary>
    public static FeatureClass Of(ReadOnlySpan<char> kind) => kind switch
    {
        "price" or Tape or Book => FeatureClass.Price,
        "news" => FeatureClass.News,
        "fundamentals" => FeatureClass.Fundamentals,
        _ => FeatureClass.Feature,
    };

    /// <summary>The venue makes such features itself.</summary>
    public static bool IsComputed(ReadOnlySpan<char> name) => FeatureName.KindOf(name) is Indicator or Tape or Book;

    /// <summary>When a feature is no longer shown; one that the venue makes stays until its next one should have come, and then as long as its class.</summary>
    public static long ExpiresMs(string name, long knownMs)
    {
        long lifeMs = Of(FeatureName.KindOf(name)).LifeMs();
        return IsComputed(name) && CandleIntervals.TryParse(FeatureName.IntervalOf(name), out CandleInterval interval)
            ? interval.NextOpenTimeMs(interval.OpenTimeMs(knownMs)) + lifeMs
            : knownMs + lifeMs;
    }

    /// <summary>Milliseconds from when it became known to when it is no longer shown.</summary>
    public static long LifeMs(this FeatureClass of) => of switch
    {
        FeatureClass.Price => 60_000,
        FeatureClass.News => 300_000,
        FeatureClass.Fundamentals => 3_600_000,
        _ => 1_800_000,
    };
}
