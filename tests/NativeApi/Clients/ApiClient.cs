using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;

namespace Exchange.NativeApi.Clients;

/// <summary>A client of the native API with one token, over kept connections.</summary>
public class ApiClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _http;

    public ApiClient(Uri address, string? token)
    {
        Address = address;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(90) };
        if (token is not null)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    public Uri Address { get; }

    public Task<ApiReply> Get(string target) => Send("GET", target);

    public Task<ApiReply> Delete(string target) => Send("DELETE", target);

    public Task<ApiReply> Post(string target, string json) => Send("POST", target, json);

    public Task<ApiReply> Put(string target, string json) => Send("PUT", target, json);

    public Task<ApiReply> Patch(string target, string json) => Send("PATCH", target, json);

    public Task<ApiReply> Place(string json) => Post("/api/v1/orders", json);

    /// <summary>Reads until it is so: what others did reaches a reader soon, not at once.</summary>
    public async Task<ApiReply> GetUntil(string target, Func<ApiReply, bool> isSo)
    {
        long began = Stopwatch.GetTimestamp();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (true)
        {
            ApiReply reply = await Get(target);
            if (reply.IsSuccess && isSo(reply))
                return reply;
            if (Stopwatch.GetElapsedTime(began) > Patience)
                throw new TimeoutException($"Not so within {Patience.TotalSeconds} s: GET {target} answers {reply.Status} {reply.Text}");
            await poll.WaitForNextTickAsync();
        }
    }

    public async Task<ApiReply> Send(string method, string target, string? json = null, (string Name, string Value)? header = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), target);
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        if (header is { } given)
            request.Headers.TryAddWithoutValidation(given.Name, given.Value);
        using HttpResponseMessage response = await _http.SendAsync(request);
        return new ApiReply((int)response.StatusCode, await response.Content.ReadAsStringAsync(), response.Headers);
    }

    public void Dispose()
    {
        _http.Dispose();
        GC.SuppressFinalize(this);
    }
}
