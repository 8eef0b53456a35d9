using System.Net;
using Exchange.Edge.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;

namespace Exchange.Edge.Hosting;

/// <summary>Where a request came from: the other end of its connection, or what a trusted proxy there says.</summary>
internal static class ClientAddress
{
    /// <summary>Null: the connection has no address, as over a Unix socket.</summary>
    public static IPAddress? Of(HttpContext context) =>
        context.Connection.RemoteIpAddress is { } address ? AddressList.Plain(address) : null;

    /// <summary>Believes X-Forwarded-For, from its end, as far as those who wrote it are trusted; without any it is not read.</summary>
    public static void UseTrustedProxies(this WebApplication app, EdgeOptions options)
    {
        AddressList trusted = options.Proxies;
        if (trusted.IsAnywhere)
            return;
        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = null };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (System.Net.IPNetwork range in trusted.Ranges)
            forwarded.KnownIPNetworks.Add(range);
        app.UseForwardedHeaders(forwarded);
    }
}
