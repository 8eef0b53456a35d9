using System.Text.Json;
using Exchange.Core.MarketData.Features;
using Exchange.Edge.Json;

namespace Exchange.Edge.Native.Features;

/// <summary>Features as the API shows them.</summary>
internal static class FeatureJson
{
    public static readonly AnswerShape Shape = new("Feature",
        new AnswerField("name", AnswerKind.Text, "kind:interval:name."),
        new AnswerField("value", AnswerKind.Decimal, "As it was put; a feature has this or text.", IsOptional: true),
        new AnswerField("text", AnswerKind.Text, "As it was put.", IsOptional: true),
        new AnswerField("source", AnswerKind.Text, "Where it came from."),
        new AnswerField("timeMs", AnswerKind.Integer, "When it became known."),
        new AnswerField("expiresMs", AnswerKind.Integer, "From then on it is not shown."));

    public static readonly AnswerShape PutShape = Shape.With("FeaturePut",
        new AnswerField("isTaken", AnswerKind.Flag, "false: what is there became known later and stays; the other fields are its."));

    public static void Write(Utf8JsonWriter json, Feature feature)
    {
        json.WriteStartObject();
        WriteFields(json, feature);
        json.WriteEndObject();
    }

    public static void WritePut(Utf8JsonWriter json, FeaturePut put)
    {
        json.WriteStartObject();
        json.WriteBoolean("isTaken"u8, put.Outcome == FeatureOutcome.Taken);
        WriteFields(json, put.Current!);
        json.WriteEndObject();
    }

    private static void WriteFields(Utf8JsonWriter json, Feature feature)
    {
        json.WriteString("name"u8, feature.Name);
        json.WriteString(feature.IsNumber ? "value"u8 : "text"u8, feature.Value);
        json.WriteString("source"u8, feature.Source);
        json.WriteNumber("timeMs"u8, feature.KnownMs);
        json.WriteNumber("expiresMs"u8, feature.ExpiresMs);
    }
}
