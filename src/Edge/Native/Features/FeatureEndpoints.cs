using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text;
using Exchange.Core.MarketData.Features;
using Exchange.Edge.Authentication;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;

namespace Exchange.Edge.Native.Features;

/// <summary>The feature cache: what is known of an entity, made by the venue or put in from outside.</summary>
/// <remarks>Everybody trusts what is there, so only administrators put it; it moves no money, so a put is not in the audit log.</remarks>
internal sealed class FeatureEndpoints(Venue venue, FeatureReader reader, TimeProvider time)
{
    private static readonly QueryField PrefixField = new("prefix", "First parts of the names: kind, kind:interval or a whole name; all when absent.");

    private static readonly ImmutableArray<QueryField> ListQuery =
    [
        PrefixField,
        new("limit", $"Rows of a page, at most {WireLimits.PageRows}.", IsInteger: true),
        new("cursor", "nextCursor of the page before."),
        new("asOf", "As it was known then, in Unix milliseconds; now when absent.", IsInteger: true),
    ];

    private static readonly ImmutableArray<ErrorEntry> CommonErrors = [ErrorCatalogue.BadFeatureName, ErrorCatalogue.FeaturesUnavailable];

    private static readonly Operation ListOperation = new("GET", "/api/v1/features/{entity}", "ListFeatures",
        "What is known of a symbol or another entity and is not over, by name.")
    {
        Needs = Permissions.Read, Query = ListQuery, Answer = Paging.Shape("Features", "features", FeatureJson.Shape),
        Errors = [.. CommonErrors, ErrorCatalogue.BadCursor],
    };

    private static readonly Operation PutOperation = new("PUT", "/api/v1/features/{entity}/{name}", "PutFeature",
        "Puts what became known of an entity; what became known later stays.")
    {
        Needs = Permissions.Admin, Body = FeatureBody.Shape, Answer = FeatureJson.PutShape,
        Errors = [.. CommonErrors, ErrorCatalogue.FeatureIsComputed, ErrorCatalogue.BadFeatureValue, ErrorCatalogue.FeatureTime],
    };

    private static readonly Operation RemoveOperation = new("DELETE", "/api/v1/features/{entity}", "RemoveFeatures",
        "Forgets features of an entity.")
    {
        Needs = Permissions.Admin, Query = [PrefixField], IsAudited = true,
        Answer = new AnswerShape("FeaturesRemoved", new AnswerField("removed", AnswerKind.Integer, "How many there were.")),
        Errors = [.. CommonErrors],
    };

    public void Map(EdgeRoutes routes)
    {
        routes.Map(ListOperation, List);
        routes.Map(PutOperation, Put);
        routes.Map(RemoveOperation, Remove);
    }

    private async ValueTask<Problem?> List(EdgeRequest request)
    {
        if (ReadPlace(request, out string entity, out string prefix) is { } badPlace)
            return badPlace;
        if (request.Query.Integer(1, 1, WireLimits.PageRows, WireLimits.DefaultPageRows, out long limit) is { } badLimit)
            return badLimit;
        if (ReadCursor(request.Query[2], out string? after) is { } badCursor)
            return badCursor;

        if (request.Query.Integer(3, 0, WireLimits.LatestMs, WireLimits.LatestMs, out long asOfMs) is { } badAsOf)
            return badAsOf;

        FeaturePage page = await reader.List(entity, prefix, after, (int)limit, asOfMs);

        Answer answer = request.Begin();
        answer.Json.WriteStartObject();
        answer.Json.WriteStartArray("features"u8);
        foreach (Feature feature in page.Features)
            FeatureJson.Write(answer.Json, feature);
        answer.Json.WriteEndArray();
        if (page.Next is not null)
            answer.Json.WriteString("nextCursor"u8, Base64Url.EncodeToString(Encoding.ASCII.GetBytes(page.Next)));
        answer.Json.WriteEndObject();
        request.Send(answer);
        return null;
    }

    private async ValueTask<Problem?> Put(EdgeRequest request)
    {
        (string entity, string name) = (request.Path("entity"), request.Path("name"));
        if (!FeatureName.IsEntity(entity))
            return Problems.Field(ErrorCatalogue.BadFeatureName, "entity");
        if (!FeatureName.IsName(name))
            return Problems.Field(ErrorCatalogue.BadFeatureName, "name");
        if (FeatureClasses.IsComputed(name))
            return Problems.Field(ErrorCatalogue.FeatureIsComputed, "name");
        if (FeatureBody.Read(request.Body.Span, out FeatureBody body) is { } malformed)
            return malformed;

        var feature = new Feature(
            entity, name, body.IsNumber, body.Value, body.Source, body.KnownMs ?? time.GetUtcNow().ToUnixTimeMilliseconds());
        FeaturePut put = await venue.Bounded(venue.Exchange.PutFeature(feature, CancellationToken.None));

        if (put.Current is null)
            return Problems.Field(ErrorCatalogue.FeatureTime, "timeMs", limit: $"{put.LimitMs}");
        Answer answer = request.Begin();
        FeatureJson.WritePut(answer.Json, put);
        request.Send(answer);
        return null;
    }

    private async ValueTask<Problem?> Remove(EdgeRequest request)
    {
        if (ReadPlace(request, out string entity, out string prefix) is { } badPlace)
            return badPlace;
        int removed = await venue.Bounded(venue.Exchange.RemoveFeatures(entity, prefix, CancellationToken.None));

        Answer answer = request.Begin();
        answer.Json.WriteStartObject();
        answer.Json.WriteNumber("removed"u8, removed);
        answer.Json.WriteEndObject();
        request.Send(answer);
        return null;
    }

    /// <summary>The entity of the path, and the query's prefix, which is its first field.</summary>
    private static Problem? ReadPlace(EdgeRequest request, out string entity, out string prefix)
    {
        entity = request.Path("entity");
        prefix = request.Query[0] ?? "";
        if (!FeatureName.IsEntity(entity))
            return Problems.Field(ErrorCatalogue.BadFeatureName, "entity");
        return FeatureName.IsPrefix(prefix) ? null : Problems.Field(ErrorCatalogue.BadFeatureName, PrefixField.Name);
    }

    /// <summary>A cursor is the last name of its page in base64url.</summary>
    private static Problem? ReadCursor(string? cursor, out string? after)
    {
        after = null;
        if (cursor is null)
            return null;
        Span<byte> name = stackalloc byte[FeatureName.Parts * (FeatureName.MaxPartLength + 1)];
        if (Base64Url.GetMaxDecodedLength(cursor.Length) <= name.Length && Base64Url.IsValid(cursor) && Base64Url.TryDecodeFromChars(cursor, name, out int length))
            after = Encoding.Latin1.GetString(name[..length]);
        return after is not null && FeatureName.IsName(after) ? null : Problems.Field(ErrorCatalogue.BadCursor, "cursor");
    }
}
