using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Exchange.Edge.Native.Docs;

/// <summary>Serves the OpenAPI document. It is made once: nothing in it changes while the server runs, and making it is dear.</summary>
internal sealed class OpenApiEndpoint
{
    private readonly Lazy<Task<byte[]>> _document;

    public OpenApiEndpoint(IServiceProvider services)
    {
        // Found only when first asked for: by then all endpoints are mapped.
        _document = new(() => Make(services.GetRequiredKeyedService<IOpenApiDocumentProvider>(OpenApiDocument.Name)));
    }

    public void Map(IEndpointRouteBuilder routes) =>
        routes.MapGet($"/openapi/{OpenApiDocument.Name}.json", Send).ExcludeFromDescription();

    private async Task Send(HttpContext context)
    {
        byte[] document = await _document.Value;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = document.Length;
        await context.Response.Body.WriteAsync(document, context.RequestAborted);
    }

    private static async Task<byte[]> Make(IOpenApiDocumentProvider provider)
    {
        Microsoft.OpenApi.OpenApiDocument document = await provider.GetOpenApiDocumentAsync();
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        document.SerializeAs(OpenApiSpecVersion.OpenApi3_1, new OpenApiJsonWriter(text, new OpenApiJsonWriterSettings { Terse = true }));
        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
