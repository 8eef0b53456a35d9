using System.Text.Json.Nodes;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;
using Microsoft.OpenApi;

namespace Exchange.Edge.Native.Docs;

/// <summary>Schemas of bodies, queries and answers.</summary>
internal static class OpenApiSchemas
{
    private const string DecimalPattern = @"^-?[0-9]+(\.[0-9]+)?$";

    public static OpenApiSchema Of(BodyShape shape) => new()
    {
        Type = JsonSchemaType.Object,
        Title = shape.Name,
        AdditionalPropertiesAllowed = false,
        Required = shape.Fields.Where(field => field.IsRequired).Select(field => field.Name).ToHashSet(StringComparer.Ordinal),
        Properties = shape.Fields.ToDictionary(field => field.Name, field => (IOpenApiSchema)Of(field), StringComparer.Ordinal),
    };

    public static OpenApiSchema Of(AnswerShape shape) => new()
    {
        Type = JsonSchemaType.Object,
        Title = shape.Name,
        Required = shape.Fields.Where(field => !field.IsOptional).Select(field => field.Name).ToHashSet(StringComparer.Ordinal),
        Properties = shape.Fields.ToDictionary(field => field.Name, field => (IOpenApiSchema)Of(field), StringComparer.Ordinal),
    };

    public static IOpenApiParameter Parameter(QueryField field) => new OpenApiParameter
    {
        Name = field.Name,
        In = ParameterLocation.Query,
        Required = field.IsRequired,
        Description = field.Meaning,
        Schema = new OpenApiSchema { Type = field.IsInteger ? JsonSchemaType.Integer : JsonSchemaType.String, Enum = Names(field.Values) },
    };

    public static Dictionary<string, OpenApiMediaType> Content(string mediaType, OpenApiSchema schema) =>
        new(StringComparer.Ordinal) { [mediaType] = new OpenApiMediaType { Schema = schema } };

    private static OpenApiSchema Of(BodyField field)
    {
        OpenApiSchema schema = field.Kind switch
        {
            FieldKind.Decimal => Decimal(),
            FieldKind.Integer => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64" },
            FieldKind.Flag => new OpenApiSchema { Type = JsonSchemaType.Boolean },
            FieldKind.List => List(field.Items is null ? Text(field.Values) : Of(field.Items)),
            _ => Text(field.Values),
        };
        schema.Description = field.Meaning;
        return schema;
    }

    private static OpenApiSchema Of(AnswerField field)
    {
        OpenApiSchema schema = field.Kind switch
        {
            AnswerKind.Decimal => Decimal(),
            AnswerKind.Integer => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64" },
            AnswerKind.Flag => new OpenApiSchema { Type = JsonSchemaType.Boolean },
            AnswerKind.List => List(field.Shape is null ? new OpenApiSchema() : Of(field.Shape)),
            AnswerKind.Object => Of(field.Shape!),
            _ => Text(field.Values),
        };
        schema.Description = field.Meaning;
        return schema;
    }

    private static OpenApiSchema Decimal() => new() { Type = JsonSchemaType.String, Format = "decimal", Pattern = DecimalPattern };

    private static OpenApiSchema Text(IReadOnlyList<string>? values) => new() { Type = JsonSchemaType.String, Enum = Names(values) };

    private static OpenApiSchema List(OpenApiSchema items) => new() { Type = JsonSchemaType.Array, Items = items };

    private static List<JsonNode>? Names(IReadOnlyList<string>? values) => values is null ? null : [.. values.Select(value => (JsonNode)value)];
}
