namespace Exchange.Core.MarketData.Features;

/// <summary>What became of a put.</summary>
public enum FeatureOutcome
{
    /// <summary>It is the entity's feature now.</summary>
    Taken = 0,

    /// <summary>What is there became known later, and stays.</summary>
    Older = 1,

    /// <summary>It claims to have become known in the future.</summary>
    Ahead = 2,

    /// <summary>It became known so long ago that it would not be shown.</summary>
    Expired = 3,
}

/// <summary>The answer to a put.</summary>
/// <param name="Current">The feature as it stands now; null: it was refused.</param>
/// <param name="LimitMs">Where it was refused: the time that would have passed; otherwise 0.</param>
public sealed record FeaturePut(FeatureOutcome Outcome, Feature? Current, long LimitMs);

/// <summary>Some features, by name.</summary>
/// <param name="Next">What to read behind to go on; null: there is no more.</param>
public sealed record FeaturePage(Feature[] Features, string? Next);

/// <summary>Cells of a join: null where nothing was known.</summary>
public sealed record FeatureCells(Feature?[] Cells);

/// <summary>How much a cache of features holds.</summary>
/// <param name="Entries">Features.</param>
/// <param name="Bytes">Of all of them together, by <see cref="Feature.Bytes"/>; what they were before may have as much again.</param>
/// <param name="Past">Of what they were before, for reads as of a time.</param>
public sealed record FeatureLimits(int Entries, long Bytes, int Past)
{
    /// <summary>Of all entities of a venue in one process.</summary>
    public static readonly FeatureLimits OfVenue = new(65_536, 16L << 20, 65_536);

    /// <summary>Of one entity, which is written as a whole.</summary>
    public static readonly FeatureLimits OfEntity = new(1_024, 256L << 10, 1_024);
}
