using System.Text;
using Exchange.NativeApi.Servers;

namespace Exchange.NativeApi.Clients;

/// <summary>A request signed at a time of the test's choice, which can be sent more than once.</summary>
public sealed record SignedRequest(ServerKey Key, string Method, string Target, string Body, long TimestampMs)
{
    public static SignedRequest Now(ServerKey key, string method, string target, string body) =>
        new(key, method, target, body, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());

    public async Task<ApiReply> SendTo(Uri address)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address };
        using var request = new HttpRequestMessage(new HttpMethod(Method), Target);
        if (Body.Length > 0)
        {
            request.Content = new StringContent(Body, Encoding.UTF8, "application/json");
            request.Content.Headers.ContentType!.CharSet = null;
        }

        request.Headers.Add("X-Key", Key.KeyId);
        request.Headers.Add("X-Timestamp", $"{TimestampMs}");
        request.Headers.Add("X-Signature", Signed.Signature(Key.Secret, $"{TimestampMs}", Method, Target, Body));
        using HttpResponseMessage response = await http.SendAsync(request);
        return new ApiReply((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers);
    }
}
