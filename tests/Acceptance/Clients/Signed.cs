using System.Security.Cryptography;
using System.Text;

namespace Exchange.Acceptance.Clients;

/// <summary>Requests with an HMAC signature, as native-api.md describes it: written from the document, not from the server.</summary>
internal static class Signed
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Signs anew while the stamp is too near a restart, as the error says.</summary>
    public static async Task<ApiReply> Send(Uri address, string key, string secret, string method, string target, string body)
    {
        long started = TimeProvider.System.GetTimestamp();
        ApiReply reply;
        do
            reply = await SendOnce(address, key, secret, method, target, body);
        while (reply.Refusal == "401 STALE_TIMESTAMP" && TimeProvider.System.GetElapsedTime(started) < Patience);
        return reply;
    }

    private static async Task<ApiReply> SendOnce(Uri address, string key, string secret, string method, string target, string body)
    {
        string timestamp = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString();
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
        using var request = new HttpRequestMessage(new HttpMethod(method), target);
        request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        request.Content.Headers.ContentType!.CharSet = null;
        request.Headers.Add("X-Key", key);
        request.Headers.Add("X-Timestamp", timestamp);
        request.Headers.Add("X-Signature", Signature(secret, timestamp, method, target, body));
        using HttpResponseMessage response = await http.SendAsync(request);
        return new ApiReply((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers);
    }

    public static string Signature(string secret, string timestamp, string method, string target, string body) => Convert.ToHexStringLower(
        HMACSHA256.HashData(Encoding.ASCII.GetBytes(secret), Encoding.UTF8.GetBytes($"{timestamp}\n{method}\n{target}\n{body}")));
}
