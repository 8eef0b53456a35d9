using System.Net.Http.Headers;
using System.Text;

namespace Exchange.Acceptance.Clients;

/// <summary>A client of the native API with one token, over kept connections.</summary>
internal sealed class ApiClient : IDisposable
{
    private readonly HttpClient _http;

    public ApiClient(Uri address, string? token)
    {
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        if (token is not null)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public Task<ApiReply> Get(string target) => Send("GET", target);

    public Task<ApiReply> Delete(string target) => Send("DELETE", target);

    public Task<ApiReply> Post(string target, string json) => Send("POST", target, json);

    public Task<ApiReply> Put(string target, string json) => Send("PUT", target, json);

    public Task<ApiReply> Patch(string target, string json) => Send("PATCH", target, json);

    public Task<ApiReply> Place(string json) => Post("/api/v1/orders", json);

    public async Task<ApiReply> Send(string method, string target, string? json = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), target);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        using HttpResponseMessage response = await _http.SendAsync(request);
        return new ApiReply((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers);
    }

    public void Dispose() => _http.Dispose();
}
