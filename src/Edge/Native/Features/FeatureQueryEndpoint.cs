using System.Buffers;
using System.Text;
using System.Text.Json;
using Exchange.Core.MarketData.Features;
using Exchange.Edge.Authentication;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Exchange.Edge.Native.Features;

/// <summary>Features of many entities as of many times, a row an entity and time: what a model is trained with without looking ahead.</summary>
internal sealed class FeatureQueryEndpoint(FeatureReader reader)
{
    private const string Csv = "text/csv";

    private static readonly AnswerShape Column = new("FeatureColumn",
        new AnswerField("name", AnswerKind.Text, "kind:interval:name."),
        new AnswerField("values", AnswerKind.List, "A value a row, as text; null where nothing was known then, or it was over."));

    private static readonly Operation Query = new("POST", "/api/v1/features/query", "QueryFeatures",
        "Features of entities as they were known at times, by columns; as CSV where Accept prefers text/csv. Rows are the entities in turn, each at all times.")
    {
        Needs = Permissions.Read, Body = FeatureQuery.Shape,
        Answer = new AnswerShape("FeatureTable",
            new AnswerField("entity", AnswerKind.List, "The entity of each row."),
            new AnswerField("timeMs", AnswerKind.List, "The time of each row."),
            new AnswerField("columns", AnswerKind.List, "A column a feature, in the order asked for.", Shape: Column)),
        Errors = [ErrorCatalogue.BadFeatureName, ErrorCatalogue.FeatureQuerySize, ErrorCatalogue.FeaturesUnavailable],
    };

    public void Map(EdgeRoutes routes) => routes.Map(Query, Answer);

    private async ValueTask<Problem?> Answer(EdgeRequest request)
    {
        if (FeatureQuery.Read(request.Body.Span, out FeatureQuery query) is { } bad)
            return bad;
        var cells = new Feature?[query.Entities.Count][];
        for (int entity = 0; entity < cells.Length; entity++)
            cells[entity] = await reader.Join(query.Entities[entity], query);

        if (WantsCsv(request.Http.Request))
            SendCsv(request, query, cells);
        else
            SendJson(request, query, cells);
        return null;
    }

    private static void SendJson(EdgeRequest request, FeatureQuery query, Feature?[][] cells)
    {
        Answer answer = request.Begin();
        Utf8JsonWriter json = answer.Json;
        json.WriteStartObject();
        json.WriteTexts("entity"u8, query.Entities.SelectMany(entity => query.TimesMs.Select(_ => entity)));
        json.WriteStartArray("timeMs"u8);
        for (int entity = 0; entity < cells.Length; entity++)
        {
            foreach (long timeMs in query.TimesMs)
                json.WriteNumberValue(timeMs);
        }

        json.WriteEndArray();
        json.WriteStartArray("columns"u8);
        for (int name = 0; name < query.Names.Count; name++)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, query.Names[name]);
            json.WriteStartArray("values"u8);
            foreach (Feature?[] ofEntity in cells)
            {
                for (int time = 0; time < query.TimesMs.Count; time++)
                    json.WriteStringValue(ofEntity[name * query.TimesMs.Count + time]?.Value);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        request.Send(answer);
    }

    private static void SendCsv(EdgeRequest request, FeatureQuery query, Feature?[][] cells)
    {
        var text = new StringBuilder("entity,timeMs");
        foreach (string name in query.Names)
            text.Append(',').Append(name);
        text.Append("\r\n");
        for (int entity = 0; entity < cells.Length; entity++)
        {
            for (int time = 0; time < query.TimesMs.Count; time++)
            {
                text.Append(query.Entities[entity]).Append(',').Append(query.TimesMs[time]);
                for (int name = 0; name < query.Names.Count; name++)
                    AppendCell(text.Append(','), cells[entity][name * query.TimesMs.Count + time]);
                text.Append("\r\n");
            }
        }

        byte[] body = Encoding.UTF8.GetBytes(text.ToString());
        HttpResponse response = request.Http.Response;
        response.ContentType = "text/csv; charset=utf-8";
        response.ContentLength = body.Length;
        response.BodyWriter.Write(body);
    }

    /// <summary>Texts are quoted (RFC 4180), numbers are not.</summary>
    private static void AppendCell(StringBuilder text, Feature? cell)
    {
        if (cell is null)
            return;
        if (cell.IsNumber)
            text.Append(cell.Value);
        else
            text.Append('"').Append(cell.Value.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
    }

    private static bool WantsCsv(HttpRequest request)
    {
        double csv = 0;
        double other = 0;
        foreach (MediaTypeHeaderValue accepted in request.GetTypedHeaders().Accept)
        {
            if (accepted.MediaType.Equals(Csv, StringComparison.OrdinalIgnoreCase))
                csv = Math.Max(csv, accepted.Quality ?? 1);
            else
                other = Math.Max(other, accepted.MatchesAllTypes ? 0 : accepted.Quality ?? 1);
        }

        return csv > other;
    }
}
