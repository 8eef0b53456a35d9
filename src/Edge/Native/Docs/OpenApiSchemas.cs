using System.Text.Json.Nodes;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;
using Microsoft.OpenApi;
using Document = Microsoft.OpenApi.OpenApiDocument;

namespace Exchange.Edge.Native.Docs;

/// <summary>Schemas of bodies, queries and answers; each shape stands once among the document's components.</summary>
internal sealed class OpenApiSchemas(Document document)
{
    private const string DecimalPattern = @"^-?[0-9]+(\.[0-9]+)?$";

    public OpenApiSchemaReference Of(BodyShape shape) => Reference(shape.Name, () => new OpenApiSchema
    {
        Type = JsonSchemaType.Object,
        AdditionalPropertiesAllowed = false,
        Required = shape.Fields.Where(field => field.IsRequired).Select(field => field.Name).ToHashSet(StringComparer.Ordinal),
        Properties = shape.Fields.ToDictionary(field => field.Name, Of, StringComparer.Ordinal),
    });

    public OpenApiSchemaReference Of(AnswerShape shape) => Reference(shape.Name, () => new OpenApiSchema
    {
        Type = JsonSchemaType.Object,
        Required = shape.Fields.Where(field => !field.IsOptional).Select(field => field.Name).ToHashSet(StringComparer.Ordinal),
        Properties = shape.Fields.ToDictionary(field => field.Name, Of, StringComparer.Ordinal),
    });

    public static IOpenApiParameter Parameter(QueryField field) => new OpenApiParameter
    {
        Name = field.Name,
        In = ParameterLocation.Query,
        Required = field.IsRequired,
        Description = field.Meaning,
        Schema = new OpenApiSchema { Type = field.IsInteger ? JsonSchemaType.Integer : JsonSchemaType.String, Enum = Names(field.Values) },
    };

    public static Dictionary<string, OpenApiMediaType> Content(string mediaType, IOpenApiSchema schema) =>
        new(StringComparer.Ordinal) { [mediaType] = new OpenApiMediaType { Schema = schema } };

    private OpenApiSchemaReference Reference(string name, Func<OpenApiSchema> make)
    {
        document.Components ??= new OpenApiComponents();
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal);
        if (!document.Components.Schemas.ContainsKey(name))
            document.AddComponent(name, make());
        return new OpenApiSchemaReference(name, document);
    }

    private IOpenApiSchema Of(BodyField field) => field.Kind switch
    {
        FieldKind.Decimal => Decimal(field.Meaning),
        FieldKind.Integer => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Description = field.Meaning },
        FieldKind.Flag => new OpenApiSchema { Type = JsonSchemaType.Boolean, Description = field.Meaning },
        FieldKind.List => List(field.Items is null ? Text(field.Values, null) : Of(field.Items), field.Meaning),
        FieldKind.Object => Of(field.Items!),
        FieldKind.Integers => List(new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64" }, field.Meaning),
        _ => Text(field.Values, field.Meaning),
    };

    private IOpenApiSchema Of(AnswerField field) => field.Kind switch
    {
        AnswerKind.Decimal => Decimal(field.Meaning),
        AnswerKind.Integer => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64", Description = field.Meaning },
        AnswerKind.Flag => new OpenApiSchema { Type = JsonSchemaType.Boolean, Description = field.Meaning },
        AnswerKind.List => List(field.Shape is null ? new OpenApiSchema() : Of(field.Shape), field.Meaning),
        AnswerKind.Object => Of(field.Shape!),
        _ => Text(field.Values, field.Meaning),
    };

    private static OpenApiSchema Decimal(string meaning) =>
        new() { Type = JsonSchemaType.String, Format = "decimal", Pattern = DecimalPattern, Description = meaning };

    private static OpenApiSchema Text(IReadOnlyList<string>? values, string? meaning) =>
        new() { Type = JsonSchemaType.String, Enum = Names(values), Description = meaning };

    private static OpenApiSchema List(IOpenApiSchema items, string meaning) =>
        new() { Type = JsonSchemaType.Array, Items = items, Description = meaning };

    private static List<JsonNode>? Names(IReadOnlyList<string>? values) => values is null ? null : [.. values.Select(value => (JsonNode)value)];
}
