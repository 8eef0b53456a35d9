using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Exchange.Edge.Hosting;

/// <summary>Keeps the threads that read the sockets, where a host lets them begin requests, from all that may take long.</summary>
/// <remarks>
/// While such a thread is busy with one request, those of all its other connections wait. An order is parsed and handed to the venue in
/// microseconds; a page of a thousand rows, a compression, a disk's sync are not: these go on in the pool.
/// </remarks>
internal static class SocketThreads
{
    /// <summary>The caller is one of them; where the host does not use them so, it never is.</summary>
    public static bool IsOnOne => !Thread.CurrentThread.IsThreadPoolThread;

    /// <summary>Puts everything behind it into the pool, but for short operations.</summary>
    public static void LeaveUnlessShort(this IApplicationBuilder app) => app.Use(next => context =>
        IsOnOne && !IsShort(context) ? GoOnInPool(context, next) : next(context));

    /// <summary>The request is one for a short operation.</summary>
    public static bool IsShort(HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<Operation>() is { IsShort: true };

    private static async Task GoOnInPool(HttpContext context, RequestDelegate next)
    {
        await Task.Yield();
        await next(context);
    }
}
