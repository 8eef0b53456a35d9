using System.Security.Cryptography;
using System.Text;
using Exchange.Edge.Authentication;

namespace Exchange.Edge.Tests.Support;

/// <summary>Signs requests as a client does, with parts that a test may get wrong.</summary>
internal sealed record Signing
{
    public string? Timestamp { get; init; }

    public string? Window { get; init; }

    public string? KeyId { get; init; }

    public string? Signature { get; init; }

    public string? SignedMethod { get; init; }

    public string? SignedTarget { get; init; }

    public string? SignedBody { get; init; }

    public static string Of(string secret, string timestamp, string method, string target, ReadOnlySpan<byte> body)
    {
        byte[] text = [.. Encoding.ASCII.GetBytes($"{timestamp}\n{method}\n{target}\n"), .. body];
        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.ASCII.GetBytes(secret), text));
    }

    public void Sign(HttpRequestMessage request, string target, byte[] body, ApiKey key, long nowMs)
    {
        string timestamp = Timestamp ?? nowMs.ToString();
        byte[] signedBody = SignedBody is null ? body : Encoding.UTF8.GetBytes(SignedBody);
        string signature = Signature ?? Of(key.RevealSecret(), timestamp, SignedMethod ?? request.Method.Method, SignedTarget ?? target, signedBody);
        request.Headers.TryAddWithoutValidation("X-Key", KeyId ?? key.KeyId);
        request.Headers.TryAddWithoutValidation("X-Timestamp", timestamp);
        request.Headers.TryAddWithoutValidation("X-Signature", signature);
        if (Window is not null)
            request.Headers.TryAddWithoutValidation("X-Recv-Window", Window);
    }
}
