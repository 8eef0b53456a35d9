using System.Net.WebSockets;

namespace Exchange.Edge.Tests.Support;

/// <summary>A client's end that takes nothing until it is released.</summary>
internal sealed class StalledSocket : WebSocket
{
    // Not asynchronous: whoever releases it sees what it then takes.
    private readonly TaskCompletionSource _released = new();

    /// <summary>What it has been sent.</summary>
    public List<string> Sent { get; } = [];

    /// <summary>The code and reason of the close frame it has been sent.</summary>
    public (WebSocketCloseStatus Status, string? Reason)? Closed { get; private set; }

    public override WebSocketCloseStatus? CloseStatus => null;

    public override string? CloseStatusDescription => null;

    public override WebSocketState State => Closed is null ? WebSocketState.Open : WebSocketState.CloseSent;

    public override string? SubProtocol => null;

    /// <summary>It takes what it was sent, and from now on all at once.</summary>
    public void Release() => _released.TrySetResult();

    public override async Task SendAsync(ArraySegment<byte> buffer, WebSocketMessageType messageType, bool endOfMessage, CancellationToken cancellationToken)
    {
        await _released.Task;
        Sent.Add(System.Text.Encoding.UTF8.GetString(buffer));
    }

    public override Task CloseOutputAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken)
    {
        Closed = (closeStatus, statusDescription);
        return Task.CompletedTask;
    }

    public override Task CloseAsync(WebSocketCloseStatus closeStatus, string? statusDescription, CancellationToken cancellationToken) =>
        CloseOutputAsync(closeStatus, statusDescription, cancellationToken);

    public override Task<WebSocketReceiveResult> ReceiveAsync(ArraySegment<byte> buffer, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public override void Abort()
    {
    }

    public override void Dispose()
    {
    }
}
