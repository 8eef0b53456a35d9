using System.Security.Cryptography;
using System.Text;
using Exchange.NativeApi.Servers;

namespace Exchange.NativeApi.Clients;

/// <summary>Requests with an HMAC signature, as native-api.md describes it: written from the document, not from the server.</summary>
public static class Signed
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Signs anew while the stamp is too near a restart, as the error says.</summary>
    public static async Task<ApiReply> Send(Uri address, string key, string secret, string method, string target, string body)
    {
        long started = TimeProvider.System.GetTimestamp();
        ApiReply reply;
        do
            reply = await SignedRequest.Now(new ServerKey(key, secret), method, target, body).SendTo(address);
        while (reply.Refusal == "401 STALE_TIMESTAMP" && TimeProvider.System.GetElapsedTime(started) < Patience);
        return reply;
    }

    public static string Signature(string secret, string timestamp, string method, string target, string body) => Convert.ToHexStringLower(
        HMACSHA256.HashData(Encoding.ASCII.GetBytes(secret), Encoding.UTF8.GetBytes($"{timestamp}\n{method}\n{target}\n{body}")));
}
