using System.Net.WebSockets;
using Exchange.Edge.Authentication;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;

namespace Exchange.Edge.Native.Streams;

/// <summary>Accepts WebSocket connections at /api/v1/stream.</summary>
internal sealed class StreamEndpoint(
    StreamHub hub, InstrumentTable instruments, Authenticator authenticator, EdgeOptions options, TimeProvider time, ProblemWriter problems,
    IHostApplicationLifetime lifetime)
{
    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(20);

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

        // A client that does not answer a ping within another interval is gone.
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync(
            new WebSocketAcceptContext { KeepAliveInterval = PingInterval, KeepAliveTimeout = PingInterval });
        using var connection = new StreamConnection(socket, options, time);
        using var messages = new StreamMessages();
        var session = new StreamSession(socket, connection, hub, instruments, authenticator, ClientAddress.Of(context), time, messages);
        hub.Join(connection);
        try
        {
            Task sender = connection.RunSender();
            await session.RunReader();
            await sender;
        }
        finally
        {
            hub.Leave(connection);
        }
    }
}
