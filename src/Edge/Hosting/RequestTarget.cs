using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;

namespace Exchange.Edge.Hosting;

/// <summary>The path and query of a request exactly as they were sent, before any decoding.</summary>
internal static class RequestTarget
{
    public static string PathAndQuery(HttpContext context)
    {
        string target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        if (target.StartsWith('/'))
            return target;

        // The absolute form that proxies are sent: http://host/path?query.
        int authority = target.IndexOf("://", StringComparison.Ordinal);
        int path = authority < 0 ? -1 : target.IndexOf('/', authority + 3);
        return path < 0 ? context.Request.GetEncodedPathAndQuery() : target[path..];
    }

    /// <summary>The last segment of the path, still percent-encoded.</summary>
    public static ReadOnlySpan<char> LastSegment(HttpContext context)
    {
        ReadOnlySpan<char> path = PathAndQuery(context);
        int query = path.IndexOf('?');
        if (query >= 0)
            path = path[..query];
        path = path.TrimEnd('/');
        return path[(path.LastIndexOf('/') + 1)..];
    }
}
