using System.Net.WebSockets;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Exchange.Edge.Limits;
using Exchange.Edge.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core.Features;
using Microsoft.Extensions.Hosting;

namespace Exchange.Edge.Native.Streams;

/// <summary>Accepts WebSocket connections at /api/v1/stream.</summary>
internal sealed class StreamEndpoint(
    StreamHub hub, StreamServices services, EdgeOptions options, TimeProvider time, ProblemWriter problems, EdgeMetrics metrics,
    IHostApplicationLifetime lifetime)
{
    private const int SendBufferBytes = 256 * 1_024;
    private const string ProtobufProtocol = "exchange.v1.protobuf";
    private readonly TimeSpan _pingInterval = TimeSpan.FromMilliseconds(options.StreamPingMs);

    public void Map(IEndpointRouteBuilder routes)
    {
        // Before the server waits for its connections to end.
        lifetime.ApplicationStopping.Register(hub.EndAll);
        routes.Map(StreamSession.Path, Accept).ExcludeFromDescription();
    }

    private async Task Accept(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            problems.Write(context, new Problem(ErrorCatalogue.UpgradeRequired));
            return;
        }

        AddressBlock address = AddressBlock.Of(ClientAddress.Of(context));
        if (!services.Counts.ByAddress.TryTake(address))
        {
            problems.Write(context, new Problem(ErrorCatalogue.TooManyStreams) { Limit = $"{services.Counts.ByAddress.Most}" });
            return;
        }

        try
        {
            await Serve(context);
        }
        finally
        {
            services.Counts.ByAddress.Release(address);
        }
    }

    private async Task Serve(HttpContext context)
    {
        // A slow stream is told less by bounds of its own, and cut later than an answer that is not taken.
        if (context.Features.Get<IHttpMinResponseDataRateFeature>() is { } rate)
            rate.MinDataRate = new MinDataRate(options.MinBytesPerSecond, TimeSpan.FromMilliseconds(options.RateGraceMs));

        BoundSocket(context);

        // A client that does not answer a ping within another interval is gone.
        bool isProtobuf = context.WebSockets.WebSocketRequestedProtocols.Contains(ProtobufProtocol);
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            SubProtocol = isProtobuf ? ProtobufProtocol : null, KeepAliveInterval = _pingInterval, KeepAliveTimeout = _pingInterval,
        });
        using var connection = new StreamConnection(socket, isProtobuf ? services.Protobuf : services.Json, options, time, context.Abort, metrics);
        if (context.Features.Get<ControlFrames>() is { } frames)
            frames.Flooded = () => connection.End(StreamEnd.Flood);
        var session = new StreamSession(socket, connection, hub, services, ClientAddress.Of(context), time);
        hub.Join(connection);
        metrics.StreamOpened();
        try
        {
            bool isWhole = await session.RunReader();
            await connection.Closed;
            if (!isWhole)
                await Gone(context);
        }
        finally
        {
            metrics.StreamClosed();
            hub.Leave(connection);
            services.LogOn.Release(connection.Caller);
        }
    }

    /// <summary>Left to itself the system would hold megabytes for a client that does not read, and it would be noticed late.</summary>
    private static void BoundSocket(HttpContext context)
    {
        if (HttpProtocol.IsHttp11(context.Request.Protocol) && context.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket)
            socket.SendBufferSize = SendBufferBytes;
    }

    /// <summary>
    /// Waits until the client is gone, or cut at the stream's deadline: a close frame that tells what it broke would be lost if the
    /// connection ended right behind it.
    /// </summary>
    private static async Task Gone(HttpContext context)
    {
        var gone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using CancellationTokenRegistration registration = context.RequestAborted.Register(gone.SetResult);
        await gone.Task;
    }
}
