using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Exchange.Edge.Hosting;

/// <summary>The least that sending one message to many WebSockets can cost on this server; only served when a setting asks for it.</summary>
internal sealed class BareBroadcast
{
    private const int LargestMessage = 64 * 1_024;

    private readonly Lock _gate = new();
    private readonly List<WebSocket> _listeners = [];

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.Map("/api/v1/bench/broadcast", Listen).ExcludeFromDescription();
        routes.Map("/api/v1/bench/broadcast/source", Source).ExcludeFromDescription();
    }

    private async Task Listen(HttpContext context)
    {
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        lock (_gate)
            _listeners.Add(socket);
        try
        {
            await Receive(socket, new byte[1], _ => ValueTask.CompletedTask);
        }
        finally
        {
            lock (_gate)
                _listeners.Remove(socket);
        }
    }

    private async Task Source(HttpContext context)
    {
        using WebSocket socket = await context.WebSockets.AcceptWebSocketAsync();
        await Receive(socket, new byte[LargestMessage], Broadcast);
    }

    private async ValueTask Broadcast(ReadOnlyMemory<byte> message)
    {
        WebSocket[] listeners;
        lock (_gate)
            listeners = [.. _listeners];
        foreach (WebSocket listener in listeners)
            await listener.SendAsync(message, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
    }

    private static async Task Receive(WebSocket socket, byte[] buffer, Func<ReadOnlyMemory<byte>, ValueTask> take)
    {
        try
        {
            while (true)
            {
                ValueWebSocketReceiveResult received = await socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
                if (received.MessageType == WebSocketMessageType.Close)
                    return;
                await take(buffer.AsMemory(0, received.Count));
            }
        }
        catch (WebSocketException)
        {
            // Gone without a word: it was a benchmark's.
        }
    }
}
