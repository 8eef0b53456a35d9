using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Exchange.Cli.Http;
using Exchange.Core.Units;

namespace Exchange.Cli.Index;

/// <summary>Posts index prices to the venue, each request signed.</summary>
internal sealed class IndexPoster(Uri venue, AdminKey key, TimeSpan patience, TimeProvider clock) : IDisposable
{
    private readonly HttpClient _client = new() { BaseAddress = venue, Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>The venue's answer; null: it could not be reached, or did not answer in time.</summary>
    public async Task<ServerAnswer?> Post(string symbol, long priceE8, CancellationToken cancellation)
    {
        string target = $"/api/v1/admin/index/{Uri.EscapeDataString(symbol)}";
        string body = $$"""{"price":"{{DecimalText.ToText(priceE8)}}"}""";
        string timestamp = clock.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Put, target);
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-Key", key.Key);
        request.Headers.Add("X-Timestamp", timestamp);
        request.Headers.Add("X-Signature", RequestSignature.Of(key.Secret, timestamp, "PUT", target, body));

        using var late = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            using HttpResponseMessage answer = await _client.SendAsync(request, either.Token);
            return new ServerAnswer((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(either.Token));
        }
        catch (Exception failure) when (failure is HttpRequestException || failure is OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    public void Dispose() => _client.Dispose();
}
