namespace Exchange.Core.MarketData.Features;

/// <summary>What was known of an entity, since when and from whom. Never changed once made.</summary>
/// <param name="Entity">A symbol, or whatever else has features (<see cref="FeatureName.IsEntity"/>).</param>
/// <param name="Name">kind:interval:name (<see cref="FeatureName.IsName"/>).</param>
/// <param name="IsNumber">The value is a decimal; otherwise any text.</param>
/// <param name="Value">As it was put, at most <see cref="MaxValueLength"/> characters.</param>
/// <param name="Source">Where it came from (<see cref="FeatureName.IsSource"/>).</param>
/// <param name="KnownMs">When it became known, Unix milliseconds.</param>
public sealed record Feature(string Entity, string Name, bool IsNumber, string Value, string Source, long KnownMs)
{
    public const int MaxValueLength = 1_024;

    /// <summary>The last millisecond of the year 9999.</summary>
    public const long LatestMs = 253_402_300_799_999;

    /// <summary>entity:kind:interval:name; features of one entity, of one kind, of one interval lie beside each other by it.</summary>
    public string Key { get; } = $"{Entity}{FeatureName.Separator}{Name}";

    /// <summary>From then on it is not shown.</summary>
    public long ExpiresMs => FeatureClasses.ExpiresMs(Name, KnownMs);

    /// <summary>What it is counted with against a cache's bytes: its texts, and a sum for all that holds them.</summary>
    public int Bytes => 128 + Key.Length + Source.Length + Value.Length;
}
