using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Exchange.Edge.Native.Docs;

/// <summary>The page at /docs, from files inside the assembly: nothing is fetched from elsewhere, and no file is read by name.</summary>
internal static class DocsPage
{
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

    public static void Map(IEndpointRouteBuilder routes)
    {
        Map(routes, "/docs", "index.html", "text/html; charset=utf-8");
        Map(routes, "/docs/page.js", "page.js", "text/javascript; charset=utf-8");
        Map(routes, "/docs/page.css", "page.css", "text/css; charset=utf-8");
    }

    private static void Map(IEndpointRouteBuilder routes, string path, string resource, string contentType)
    {
        byte[] content = Load(resource);
        routes.MapGet(path, context =>
        {
            context.Response.ContentType = contentType;
            context.Response.Headers.ContentSecurityPolicy = Policy;
            context.Response.Headers.XContentTypeOptions = "nosniff";
            context.Response.ContentLength = content.Length;
            return context.Response.Body.WriteAsync(content, context.RequestAborted).AsTask();
        }).ExcludeFromDescription();
    }

    private static byte[] Load(string resource)
    {
        using Stream stream = typeof(DocsPage).Assembly.GetManifestResourceStream("docs/" + resource)
            ?? throw new InvalidOperationException($"The assembly lacks its page {resource}.");
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
