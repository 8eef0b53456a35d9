using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Exchange.Cli.Http;

namespace Exchange.Cli.Benchmarks.Http;

/// <summary>A request that is signed anew each time it is sent; all but its time, signature and order id is made beforehand.</summary>
internal sealed class SignedRequest : IDisposable
{
    private readonly IncrementalHash _hmac;
    private readonly byte[] _method;
    private readonly byte[] _targetStart;
    private readonly byte[] _targetEnd;
    private readonly byte[] _head;
    private readonly byte[] _tail;
    private readonly byte[] _body;
    private readonly byte[] _text = new byte[1_024];
    private long _lastMs;

    /// <param name="server">Whose host goes into the request.</param>
    /// <param name="trader">Who signs.</param>
    /// <param name="method">In capitals.</param>
    /// <param name="targetStart">Path and query up to the order id.</param>
    /// <param name="targetEnd">Behind the order id.</param>
    /// <param name="json">Body; null: none.</param>
    public SignedRequest(Uri server, Trader trader, string method, string targetStart, string targetEnd = "", string? json = null)
    {
        _hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.ASCII.GetBytes(trader.Secret));
        _method = Encoding.ASCII.GetBytes(method);
        _targetStart = Encoding.ASCII.GetBytes(targetStart);
        _targetEnd = Encoding.ASCII.GetBytes(targetEnd);
        _body = Encoding.UTF8.GetBytes(json ?? "");
        _head = Encoding.ASCII.GetBytes($" HTTP/1.1\r\nHost: {server.Authority}\r\nX-Key: {trader.KeyId}\r\nX-Timestamp: ");
        _tail = Encoding.ASCII.GetBytes(json is null ? "\r\n\r\n" : $"\r\nContent-Type: application/json\r\nContent-Length: {_body.Length}\r\n\r\n");
    }

    /// <summary>Writes the request; its time is later than that of the one before, or the server would take it for a repeat.</summary>
    public int Write(Span<byte> into, ReadOnlySpan<byte> orderId, long nowMs)
    {
        _lastMs = Math.Max(nowMs, _lastMs + 1);
        Span<byte> time = stackalloc byte[20];
        Utf8Formatter.TryFormat(_lastMs, time, out int digits);
        time = time[..digits];

        int length = 0;
        Add(_text, ref length, time, "\n"u8);
        Add(_text, ref length, _method, "\n"u8);
        AddTarget(_text, ref length, orderId);
        Add(_text, ref length, "\n"u8, _body);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> signature = stackalloc byte[2 * HMACSHA256.HashSizeInBytes];
        _hmac.AppendData(_text.AsSpan(0, length));
        _hmac.GetHashAndReset(hash);
        Convert.TryToHexStringLower(hash, signature, out _);

        length = 0;
        Add(into, ref length, _method, " "u8);
        AddTarget(into, ref length, orderId);
        Add(into, ref length, _head, time);
        Add(into, ref length, "\r\nX-Signature: "u8, signature);
        Add(into, ref length, _tail, _body);
        return length;
    }

    public void Dispose() => _hmac.Dispose();

    private void AddTarget(Span<byte> into, ref int length, ReadOnlySpan<byte> orderId)
    {
        Add(into, ref length, _targetStart, orderId);
        Add(into, ref length, _targetEnd, default);
    }

    private static void Add(Span<byte> into, ref int length, ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        first.CopyTo(into[length..]);
        length += first.Length;
        second.CopyTo(into[length..]);
        length += second.Length;
    }
}
