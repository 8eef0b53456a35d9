using System.Collections.Concurrent;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Exchange.Cli.Tests.Index;

/// <summary>Plays a source (a page, a stream) and the venue's admin endpoint, on a port that the system chose.</summary>
internal sealed class LocalServer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<WebSocket> _sockets = new();

    private LocalServer(WebApplication app) => _app = app;

    public Uri Address => new(_app.Urls.First());

    public string Stream => $"ws://{Address.Authority}/stream";

    /// <summary>What the page says, and with which status.</summary>
    public (int Status, string Text) Page { get; set; } = (200, "");

    public int PageRequests;

    /// <summary>What streams were sent by their clients.</summary>
    public ConcurrentQueue<string> Heard { get; } = new();

    public ConcurrentQueue<(string Symbol, string Body, string Key)> Posts { get; } = new();

    /// <summary>What the venue answers to a post of the symbol.</summary>
    public Func<string, (int Status, string Text)> Venue { get; set; } = _ => (200, "{}");

    public static async Task<LocalServer> Start()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var server = new LocalServer(builder.Build());
        server._app.UseWebSockets();
        server._app.MapGet("/page", server.AnswerPage);
        server._app.Map("/stream", server.Listen);
        server._app.MapPut("/api/v1/admin/index/{symbol}", server.Take);
        await server._app.StartAsync();
        return server;
    }

    public static void Until(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, Patience), "It did not come true.");

    /// <summary>The stream that connected first of those not taken yet.</summary>
    public WebSocket NextStream()
    {
        WebSocket? socket = null;
        Until(() => TryNextStream(out socket));
        return socket!;
    }

    public bool TryNextStream(out WebSocket? stream) => _sockets.TryDequeue(out stream);

    public static Task Say(WebSocket stream, string text) =>
        stream.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);

    private IResult AnswerPage()
    {
        Interlocked.Increment(ref PageRequests);
        return Results.Text(Page.Text, "application/json", Encoding.UTF8, Page.Status);
    }

    private async Task Listen(HttpContext http)
    {
        using WebSocket socket = await http.WebSockets.AcceptWebSocketAsync();
        _sockets.Enqueue(socket);
        byte[] buffer = new byte[4_096];
        try
        {
            while (await socket.ReceiveAsync(buffer, http.RequestAborted) is { MessageType: not WebSocketMessageType.Close } part)
                Heard.Enqueue(Encoding.UTF8.GetString(buffer, 0, part.Count));
        }
        catch (Exception gone) when (gone is WebSocketException or OperationCanceledException)
        {
            // The client went without a word.
        }
    }

    private async Task<IResult> Take(string symbol, HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        Posts.Enqueue((symbol, await reader.ReadToEndAsync(), request.Headers["X-Key"].ToString()));
        (int status, string text) = Venue(symbol);
        return Results.Text(text, "application/json", Encoding.UTF8, status);
    }

    public async ValueTask DisposeAsync()
    {
        using var atOnce = new CancellationTokenSource();
        await atOnce.CancelAsync();
        await _app.StopAsync(atOnce.Token);
        await _app.DisposeAsync();
    }
}
