using System.Net.Sockets;
using Exchange.Cli.Http;

namespace Exchange.Cli.Benchmarks.Http;

/// <summary>A kept connection with one request outstanding at a time, all of them made beforehand but for signatures.</summary>
internal sealed class LoadConnection : IDisposable
{
    private readonly byte[] _place;
    private readonly byte[] _cancelStart;
    private readonly byte[] _cancelEnd;
    private readonly byte[] _noop;
    private readonly SignedRequest _signedPlace;
    private readonly SignedRequest _signedCancel;
    private readonly byte[] _made = new byte[1_024];
    private readonly byte[] _received = new byte[16_384];
    private readonly byte[] _orderId = new byte[20];
    private int _orderIdLength;
    private int _end;

    /// <param name="server">Where to connect.</param>
    /// <param name="trader">Whose orders.</param>
    /// <param name="symbol">Of the orders.</param>
    /// <param name="orderJson">Body of each place, and of each request that does nothing.</param>
    public LoadConnection(Uri server, Trader trader, string symbol, string orderJson)
    {
        const string marker = "~";
        byte[] cancel = WireRequest.Create(server, "DELETE", $"/api/v1/orders/{marker}?symbol={symbol}", trader.Token);
        int at = cancel.AsSpan().IndexOf((byte)marker[0]);
        _cancelStart = cancel[..at];
        _cancelEnd = cancel[(at + 1)..];
        _place = WireRequest.Create(server, "POST", "/api/v1/orders", trader.Token, orderJson);
        _noop = WireRequest.Create(server, "POST", "/api/v1/bench/noop", trader.Token, orderJson);
        _signedPlace = new SignedRequest(server, trader, "POST", "/api/v1/orders", json: orderJson);
        _signedCancel = new SignedRequest(server, trader, "DELETE", "/api/v1/orders/", $"?symbol={symbol}");
        Socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            Socket.Connect(server.Host, server.Port);
            Socket.Blocking = false;
        }
        catch
        {
            Socket.Dispose();
            throw;
        }
    }

    public Socket Socket { get; }

    public bool IsOutstanding { get; private set; }

    /// <summary>When the outstanding request was sent, or was due.</summary>
    public long SentAt { get; private set; }

    /// <summary>An order is open that the next request of this connection cancels.</summary>
    public bool HasOrder => _orderIdLength > 0;

    /// <param name="kind">What to send.</param>
    /// <param name="from">When it is sent, or was due: what its latency is counted from.</param>
    /// <param name="wallMs">For a signature.</param>
    public void Send(LoadKind kind, long from, long wallMs)
    {
        switch (kind)
        {
            case LoadKind.Noop:
                Send(_noop, from);
                break;
            case LoadKind.Signed:
                int length = (HasOrder ? _signedCancel : _signedPlace).Write(_made, OrderId, wallMs);
                Send(_made.AsSpan(0, length), from);
                break;
            case LoadKind.Orders when !HasOrder:
                Send(_place, from);
                break;
            default:
                SendCancel(from);
                break;
        }
    }

    private ReadOnlySpan<byte> OrderId => _orderId.AsSpan(0, _orderIdLength);

    private void SendCancel(long from)
    {
        _cancelStart.CopyTo(_made, 0);
        OrderId.CopyTo(_made.AsSpan(_cancelStart.Length));
        _cancelEnd.CopyTo(_made, _cancelStart.Length + _orderIdLength);
        Send(_made.AsSpan(0, _cancelStart.Length + _orderIdLength + _cancelEnd.Length), from);
    }

    /// <summary>Takes what has come; true once the outstanding request is answered.</summary>
    /// <exception cref="InvalidDataException">It was refused, or the server closed the connection.</exception>
    public bool Receive(LoadKind kind)
    {
        int count = Socket.Receive(_received.AsSpan(_end), SocketFlags.None, out SocketError error);
        if (error == SocketError.WouldBlock)
            return false;
        if (error != SocketError.Success || count == 0)
            throw new InvalidDataException($"The server closed a connection ({error}).");
        _end += count;
        int length = WireResponse.TryRead(_received.AsSpan(0, _end), out WireResponse response);
        if (length == 0)
            return false;
        if (length != _end || !IsOutstanding)
            throw new InvalidDataException("The server sent more than one response to one request.");
        if (!response.IsSuccess)
            throw new ServerAnswer(response.Status, System.Text.Encoding.UTF8.GetString(response.Body)).Refused("A request");
        if (kind != LoadKind.Noop)
            NoteOrder(response.Body);
        _end = 0;
        IsOutstanding = false;
        return true;
    }

    private void NoteOrder(ReadOnlySpan<byte> body)
    {
        if (HasOrder)
        {
            _orderIdLength = 0; // It was the cancel.
            return;
        }

        ReadOnlySpan<byte> field = "\"orderId\":\""u8;
        int start = body.IndexOf(field) + field.Length;
        int length = start < field.Length ? -1 : body[start..].IndexOf((byte)'"');
        if (length < 1 || length > _orderId.Length)
            throw new InvalidDataException("The answer to a place has no order id.");
        body.Slice(start, length).CopyTo(_orderId);
        _orderIdLength = length;
    }

    private void Send(ReadOnlySpan<byte> request, long from)
    {
        // A few hundred bytes into an empty buffer: always taken whole.
        if (Socket.Send(request) != request.Length)
            throw new InvalidDataException("A connection did not take a whole request.");
        IsOutstanding = true;
        SentAt = from;
    }

    public void Dispose()
    {
        Socket.Dispose();
        _signedPlace.Dispose();
        _signedCancel.Dispose();
    }
}

/// <summary>What connections send.</summary>
internal enum LoadKind
{
    /// <summary>Post-only orders, each then canceled, with a bearer token.</summary>
    Orders,

    /// <summary>The same, each request signed.</summary>
    Signed,

    /// <summary>The same body to an endpoint that does nothing.</summary>
    Noop,
}
