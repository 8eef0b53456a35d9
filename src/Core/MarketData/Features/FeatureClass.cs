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
    /// <summary>The class that a feature's kind, the first part of its name, puts it in.</summary>
    public static FeatureClass Of(ReadOnlySpan<char> kind) => kind switch
    {
        "price" => FeatureClass.Price,
        "news" => FeatureClass.News,
        "fundamentals" => FeatureClass.Fundamentals,
        _ => FeatureClass.Feature,
    };

    /// <summary>Milliseconds from when it became known to when it is no longer shown.</summary>
    public static long LifeMs(this FeatureClass of) => of switch
    {
        FeatureClass.Price => 60_000,
        FeatureClass.News => 300_000,
        FeatureClass.Fundamentals => 3_600_000,
        _ => 1_800_000,
    };
}
