using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Exchange.Edge.Authentication;

namespace Exchange.Silo.Tests.Api;

/// <summary>A request that was signed once and may be sent again and again, to any silo.</summary>
internal sealed class SignedRequest
{
    private readonly HttpMethod _method;
    private readonly string _path;
    private readonly string _body;
    private readonly (string Key, string Timestamp, string Signature) _headers;

    public SignedRequest(ApiKey key, HttpMethod method, string path, object? body = null)
    {
        _method = method;
        _path = path;
        _body = body is null ? "" : JsonSerializer.Serialize(body);
        string timestamp = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        byte[] text = Encoding.UTF8.GetBytes($"{timestamp}\n{method.Method}\n{path}\n{_body}");
        _headers = (key.KeyId, timestamp, Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.ASCII.GetBytes(key.RevealSecret()), text)));
    }

    /// <returns>Status and, of a refusal, its code: "201", "401 SIGNATURE_REUSED".</returns>
    public async Task<string> SendTo(ApiSilo silo)
    {
        using var request = new HttpRequestMessage(_method, _path);
        request.Headers.Add("X-Key", _headers.Key);
        request.Headers.Add("X-Timestamp", _headers.Timestamp);
        request.Headers.Add("X-Signature", _headers.Signature);
        request.Headers.Add("X-Recv-Window", "60000");
        if (_body.Length != 0)
            request.Content = new StringContent(_body, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using HttpResponseMessage response = await silo.Http.SendAsync(request);
        string text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? $"{(int)response.StatusCode}" : $"{(int)response.StatusCode} {JsonDocument.Parse(text).RootElement.GetProperty("code").GetString()}";
    }
}
