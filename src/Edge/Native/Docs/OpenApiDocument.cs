using System.Text.Json.Nodes;
using Exchange.Edge.Authentication;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Exchange.Edge.Limits;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Document = Microsoft.OpenApi.OpenApiDocument;

namespace Exchange.Edge.Native.Docs;

/// <summary>Fills the OpenAPI document from the operations and the catalogue of errors: the same entries that the server works by.</summary>
internal static class OpenApiDocument
{
    public const string Name = "v1";

    private const string BearerScheme = "bearer";
    private const string SignatureScheme = "signature";

    public static void Configure(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            Describe(document);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<Operation>().FirstOrDefault() is { } known)
                Fill(operation, known, context.Document!);
            return Task.CompletedTask;
        });
    }

    private static void Describe(Document document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "Exchange",
            Version = Name,
            Description = "Crypto perpetual futures. Prices, quantities and money are decimal strings, times Unix milliseconds, ids decimal strings. "
                + "Refusals are problem documents with a stable code.",
        };
        document.Servers?.Clear();
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            [BearerScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "A token of POST /api/v1/auth/tokens.",
            },
            [SignatureScheme] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Header, Name = Authenticator.KeyHeader,
                Description = "With X-Timestamp and X-Signature: lower-case hex of HMAC-SHA256 with the secret over "
                    + "timestamp, METHOD, path?query and body, joined by newlines; X-Recv-Window in ms is optional.",
            },
        };
    }

    private static void Fill(OpenApiOperation operation, Operation known, Document document)
    {
        var schemas = new OpenApiSchemas(document);
        operation.OperationId = known.Name;
        operation.Summary = known.Summary;
        string needs = known.Needs == Permissions.None ? "" : $"Needs the permission {string.Join(", ", PermissionNames.Of(known.Needs))}. ";
        operation.Description = known.Charge.Budget == Budget.Requests ? $"{needs}Weight {known.Charge.Weight}." : needs.TrimEnd();
        operation.Parameters = [.. PathParameters(known.Path), .. known.Query.Select(OpenApiSchemas.Parameter)];
        if (known.Body is not null)
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = OpenApiSchemas.Content("application/json", schemas.Of(known.Body)),
            };

        operation.Responses = [];
        operation.Responses[$"{known.Success}"] = Success(known, schemas);
        if (known.IsTagged)
            operation.Responses["304"] = new OpenApiResponse { Description = "Unchanged since the answer whose ETag is in If-None-Match." };
        foreach (IGrouping<int, ErrorEntry> group in ErrorsOf(known).Distinct().OrderBy(entry => entry.Status).GroupBy(entry => entry.Status))
            operation.Responses[$"{group.Key}"] = Shared(document, group.Key, [.. group], schemas);
        if (known.NeedsCredentials)
            operation.Security = Security(known, document);
    }

    private static OpenApiResponse Success(Operation known, OpenApiSchemas schemas) => new()
    {
        Description = known.Summary,
        Content = known.Answer is null ? null : OpenApiSchemas.Content("application/json", schemas.Of(known.Answer)),
    };

    /// <summary>Operations that can meet the same refusals share one response: told at each, they would be most of the document.</summary>
    private static OpenApiResponseReference Shared(Document document, int status, ErrorEntry[] entries, OpenApiSchemas schemas)
    {
        OpenApiResponse refusal = Refusal(entries, schemas);
        document.Components ??= new OpenApiComponents();
        document.Components.Responses ??= new Dictionary<string, IOpenApiResponse>(StringComparer.Ordinal);
        string? name = document.Components.Responses.FirstOrDefault(known => known.Value.Description == refusal.Description).Key;
        if (name is null)
        {
            name = $"Refusal{status}.{document.Components.Responses.Count + 1}";
            document.AddComponent<IOpenApiResponse>(name, refusal);
        }

        return new OpenApiResponseReference(name, document);
    }

    private static OpenApiResponse Refusal(IEnumerable<ErrorEntry> entries, OpenApiSchemas schemas)
    {
        var codes = new OpenApiSchema { Enum = [.. entries.Select(entry => (JsonNode)entry.Code)] };
        var narrowed = new OpenApiSchema
        {
            Properties = new Dictionary<string, IOpenApiSchema>(StringComparer.Ordinal) { ["code"] = codes },
        };
        var schema = new OpenApiSchema { AllOf = [schemas.Of(ProblemShape.Shape), narrowed] };
        return new OpenApiResponse
        {
            Description = string.Join("\n\n", entries.Select(entry => $"`{entry.Code}`: {entry.Title} {entry.Advice}")),
            Content = OpenApiSchemas.Content(ProblemWriter.ContentType, schema),
        };
    }

    /// <summary>The operation's own errors and those that any such request can meet.</summary>
    private static IEnumerable<ErrorEntry> ErrorsOf(Operation known)
    {
        IEnumerable<ErrorEntry> errors = known.Errors;
        if (known.Body is not null)
            errors = errors.Concat([ErrorCatalogue.MalformedJson, ErrorCatalogue.UnknownField, ErrorCatalogue.BodyTooLarge, ErrorCatalogue.UnsupportedMediaType]);
        if (known.Needs != Permissions.None)
            errors = errors.Concat([ErrorCatalogue.CredentialsMissing, ErrorCatalogue.BadSignature, ErrorCatalogue.BadToken, ErrorCatalogue.StaleTimestamp, ErrorCatalogue.PermissionMissing]);
        errors = errors.Concat(known.Charge.Budget switch
        {
            Budget.Free => [],
            Budget.Orders => [ErrorCatalogue.TooManyRequests, ErrorCatalogue.OrderRate, ErrorCatalogue.Banned],
            Budget.Cancels => [ErrorCatalogue.CancelRate],
            _ => [ErrorCatalogue.TooManyRequests, ErrorCatalogue.Banned],
        });
        if (known.IsAudited)
            errors = errors.Append(ErrorCatalogue.AuditUnavailable);
        if (!known.WorksWithoutVenue)
            errors = errors.Concat([ErrorCatalogue.NotReady, ErrorCatalogue.VenueStopped]);
        if (known.IsChanging && !known.WorksWithoutVenue)
            errors = errors.Concat([ErrorCatalogue.Overloaded, ErrorCatalogue.OutcomeUnknown]);
        return errors;
    }

    private static IEnumerable<IOpenApiParameter> PathParameters(string path)
    {
        foreach (string segment in path.Split('/'))
        {
            if (segment.StartsWith('{'))
                yield return new OpenApiParameter
                {
                    Name = segment.Trim('{', '}'), In = ParameterLocation.Path, Required = true, Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                };
        }
    }

    private static List<OpenApiSecurityRequirement> Security(Operation known, Document document)
    {
        var signature = new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(SignatureScheme, document)] = [] };
        return known.NeedsSignature
            ? [signature]
            : [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(BearerScheme, document)] = [] }, signature];
    }
}
