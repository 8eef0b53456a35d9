using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Options;

namespace Exchange.Edge.Hosting;

/// <summary>Bounds what a slow, broken or hostile client may hold of the server.</summary>
internal sealed class KestrelLimits(IOptions<EdgeOptions> options) : IConfigureOptions<KestrelServerOptions>
{
    /// <summary>The largest body of any request; most are bounded lower where they are read.</summary>
    public const int LargestBodyBytes = 1_024 * 1_024;

    public void Configure(KestrelServerOptions server)
    {
        EdgeOptions edge = options.Value;
        KestrelServerLimits limits = server.Limits;
        TimeSpan grace = TimeSpan.FromMilliseconds(edge.RateGraceMs);
        server.AddServerHeader = false;
        server.RequestHeaderEncodingSelector = ContentLengthText.Of;
        limits.MaxConcurrentConnections = edge.MaxConnections;
        limits.MaxConcurrentUpgradedConnections = edge.MaxStreams;
        limits.MaxRequestBodySize = LargestBodyBytes;
        limits.MaxRequestHeaderCount = edge.MaxHeaders;
        limits.MaxRequestHeadersTotalSize = edge.MaxHeaderBytes;
        limits.MaxRequestLineSize = Math.Min(8_192, edge.MaxHeaderBytes);
        limits.RequestHeadersTimeout = TimeSpan.FromMilliseconds(edge.HeaderTimeoutMs);
        limits.KeepAliveTimeout = TimeSpan.FromMilliseconds(edge.KeepAliveMs);
        limits.MinRequestBodyDataRate = new MinDataRate(edge.MinBytesPerSecond, grace);
        limits.MinResponseDataRate = new MinDataRate(edge.MinTakenBytesPerSecond, grace);
        limits.Http2.MaxStreamsPerConnection = edge.MaxHttp2Streams;
        limits.Http2.MaxRequestHeaderFieldSize = Math.Min(8_192, edge.MaxHeaderBytes);
    }
}
