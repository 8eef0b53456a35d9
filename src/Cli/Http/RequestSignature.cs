using System.Security.Cryptography;
using System.Text;

namespace Exchange.Cli.Http;

/// <summary>How a request proves that its sender has a key's secret (docs/rules/native-api.md, Authentication).</summary>
internal static class RequestSignature
{
    /// <param name="secret">Of the key.</param>
    /// <param name="timestamp">Ms since the Unix epoch, as the header tells it.</param>
    /// <param name="method">In capitals.</param>
    /// <param name="target">Path and query, as sent.</param>
    /// <param name="body">As sent; empty: none.</param>
    public static string Of(string secret, string timestamp, string method, string target, string body) => Convert.ToHexStringLower(
        HMACSHA256.HashData(Encoding.ASCII.GetBytes(secret), Encoding.UTF8.GetBytes($"{timestamp}\n{method}\n{target}\n{body}")));
}
