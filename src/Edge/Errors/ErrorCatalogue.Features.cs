namespace Exchange.Edge.Errors;

/// <summary>Errors of the feature cache.</summary>
internal static partial class ErrorCatalogue
{
    public static readonly ErrorEntry BadFeatureName = new("BAD_FEATURE_NAME", 400,
        "An entity, a feature's name, a prefix or a source is malformed.",
        "A name is kind:interval:name, with - for an interval that there is none of, and a prefix its first parts; parts and sources are 1 to 32, entities 1 to 64, of A-Z a-z 0-9 . _ -");

    public static readonly ErrorEntry BadFeatureValue = new("BAD_FEATURE_VALUE", 400,
        "A feature's value is neither a plain decimal nor a text.",
        "Give exactly one of `value` and `text`; `limit` tells what each may be.");

    public static readonly ErrorEntry FeatureTime = new("FEATURE_TIME", 422,
        "A feature became known later than now, or so long ago that it would not be shown.",
        "Set your clock by GET /api/v1/time; `limit` is the last or the first time that would have passed.");

    public static readonly ErrorEntry FeaturesUnavailable = new("FEATURES_UNAVAILABLE", 503,
        "The features of this entity cannot be had or changed now: what keeps them is away, or comes up elsewhere.",
        "Repeat after Retry-After seconds; to put the same once more does no harm.");

    /// <summary>Of a kind that nobody else puts.</summary>
    public static readonly ErrorEntry FeatureIsComputed = new("FEATURE_IS_COMPUTED", 400,
        "The venue makes features of this kind itself: indicator, tape and book.",
        "Put it under another kind.");

    public static readonly ErrorEntry FeatureQuerySize = new("FEATURE_QUERY_SIZE", 422,
        "A query of features names none, or too many, or makes too many cells.",
        "Give 1 to 100 entities, 1 to 100 features and 1 to 1,000 times, together at most 20,000 cells; ask for more in several queries.");

    private static ErrorEntry[] Features => [BadFeatureName, FeatureIsComputed, FeatureQuerySize, BadFeatureValue, FeatureTime, FeaturesUnavailable];
}
