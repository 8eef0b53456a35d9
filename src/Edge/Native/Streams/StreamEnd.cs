using System.Net.WebSockets;
using Exchange.Edge.Errors;

namespace Exchange.Edge.Native.Streams;

/// <summary>Why the server closes a stream: the code of the close frame, and what is told before it.</summary>
internal sealed record StreamEnd(WebSocketCloseStatus Status, ErrorEntry? Entry)
{
    /// <summary>For the metrics: what the client is told.</summary>
    public string Code => Entry?.Code ?? "CLOSED";

    private const WebSocketCloseStatus ServiceRestart = (WebSocketCloseStatus)1012;

    public static readonly StreamEnd ClientClosed = new(WebSocketCloseStatus.NormalClosure, null);
    public static readonly StreamEnd Stopping = new(WebSocketCloseStatus.EndpointUnavailable, null);
    public static readonly StreamEnd SlowConsumer = new(WebSocketCloseStatus.PolicyViolation, ErrorCatalogue.SlowConsumer);
    public static readonly StreamEnd Flood = new(WebSocketCloseStatus.PolicyViolation, ErrorCatalogue.TooManyMessages);
    public static readonly StreamEnd TooLarge = new(WebSocketCloseStatus.MessageTooBig, ErrorCatalogue.MessageTooLarge);
    public static readonly StreamEnd NotText = new(WebSocketCloseStatus.InvalidMessageType, ErrorCatalogue.MessageNotText);
    public static readonly StreamEnd NotBinary = new(WebSocketCloseStatus.InvalidMessageType, ErrorCatalogue.MessageNotBinary);
    public static readonly StreamEnd Reset = new(ServiceRestart, ErrorCatalogue.StreamReset);
    public static readonly StreamEnd TokenExpired = new(WebSocketCloseStatus.PolicyViolation, ErrorCatalogue.BadToken);
    public static readonly StreamEnd KeyRevoked = new(WebSocketCloseStatus.PolicyViolation, ErrorCatalogue.KeyRevoked);
}
