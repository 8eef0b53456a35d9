using Exchange.Core.MarketData.Features;
using Exchange.Edge.Errors;
using Exchange.Edge.Json;

namespace Exchange.Edge.Native.Features;

/// <summary>Which features of which entities as of which times are asked for.</summary>
internal sealed record FeatureQuery(IReadOnlyList<string> Entities, IReadOnlyList<string> Names, IReadOnlyList<long> TimesMs)
{
    public const int MostEntities = 100;
    public const int MostNames = 100;
    public const int MostTimes = 1_000;
    public const int MostCells = 20_000;

    public static readonly BodyShape Shape = new("QueryFeatures",
        new BodyField("entities", FieldKind.List, $"Symbols or other entities, 1 to {MostEntities}.", IsRequired: true),
        new BodyField("features", FieldKind.List, $"Names, kind:interval:name, 1 to {MostNames}.", IsRequired: true),
        new BodyField("timesMs", FieldKind.Integers,
            $"As of when, 1 to {MostTimes}; with entities and features at most {MostCells} cells. Of a time that is still to come: now.", IsRequired: true));

    public static Problem? Read(ReadOnlySpan<byte> json, out FeatureQuery query)
    {
        var entities = new List<string>();
        var names = new List<string>();
        var times = new List<long>();
        query = new FeatureQuery(entities, names, times);
        Span<FieldToken> tokens = stackalloc FieldToken[BodyShape.MostFields];
        if (JsonFields.Read(json, Shape, tokens, out JsonFields fields) is { } malformed)
            return malformed;
        Problem? bad = fields.Texts(0, MostEntities, entities) ?? fields.Texts(1, MostNames, names) ?? fields.Integers(2, MostTimes, WireLimits.LatestMs, times);
        if (bad is not null)
            return bad;
        return Size("entities", entities.Count, MostEntities) ?? Size("features", names.Count, MostNames) ?? Size("timesMs", times.Count, MostTimes)
            ?? Size("timesMs", entities.Count * names.Count * times.Count, MostCells)
            ?? Name("entities", entities, entity => FeatureName.IsEntity(entity)) ?? Name("features", names, name => FeatureName.IsName(name));
    }

    private static Problem? Size(string field, int count, int most) =>
        count >= 1 && count <= most ? null : Problems.Field(ErrorCatalogue.FeatureQuerySize, field, limit: $"{most}");

    private static Problem? Name(string field, List<string> texts, Predicate<string> isOne) =>
        texts.TrueForAll(isOne) ? null : Problems.Field(ErrorCatalogue.BadFeatureName, field);
}
