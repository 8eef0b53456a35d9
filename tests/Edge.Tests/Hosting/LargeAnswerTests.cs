using System.IO.Compression;
using System.Text;
using Exchange.Core.Port;
using Exchange.Edge.Tests.Support;

namespace Exchange.Edge.Tests.Hosting;

public sealed class LargeAnswerTests : IAsyncLifetime
{
    private EdgeServer _server = null!;

    public async Task InitializeAsync()
    {
        _server = await EdgeServer.Start();
        _server.Exchange.Depth = new DepthView(0, 42, 7, [.. Enumerable.Range(0, 500).Select(i => new LevelView(300_000 - i, i + 1))], []);
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("gzip")]
    [InlineData("br")]
    [InlineData("br, gzip")]
    public async Task An_answer_over_a_kibibyte_is_compressed_when_asked_for(string accepted)
    {
        string plain = (await _server.Send("GET", "/api/v1/orderbook/BTCUSDT?levels=500")).Text;

        (string? encoding, byte[] body) = await Get("/api/v1/orderbook/BTCUSDT?levels=500", accepted);

        Assert.Equal(accepted.Split(',')[0], encoding);
        Assert.InRange(body.Length, 1, plain.Length / 2);
        using Stream unpacked = encoding == "br"
            ? new BrotliStream(new MemoryStream(body), CompressionMode.Decompress)
            : new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        using var reader = new StreamReader(unpacked);
        Assert.Equal(plain, await reader.ReadToEndAsync());
    }

    [Theory]
    [InlineData("/api/v1/orderbook/BTCUSDT?levels=1", "br, gzip")]
    [InlineData("/api/v1/orderbook/NONE", "br, gzip")]
    [InlineData("/nothing", "gzip")]
    [InlineData("/api/v1/orderbook/BTCUSDT?levels=500", "identity")]
    [InlineData("/api/v1/orderbook/BTCUSDT?levels=500", "zstd")]
    public async Task A_small_answer_and_one_nobody_asked_to_compress_is_plain(string target, string accepted)
    {
        (string? encoding, byte[] body) = await Get(target, accepted);

        Assert.Null(encoding);
        Assert.Equal((byte)'{', body[0]);
    }

    [Fact]
    public async Task A_batchs_answer_is_compressed_too_and_keeps_its_request_id()
    {
        string order = """{"symbol":"BTCUSDT","side":"buy","type":"limit","price":"30000","qty":"0.01"}""";
        HttpRequestMessage request = EdgeServer.Request(
            "POST", "/api/v1/orders/batch", Encoding.UTF8.GetBytes($$"""{"orders":[{{string.Join(',', Enumerable.Repeat(order, 20))}}]}"""), _server.TraderToken);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip");

        using HttpResponseMessage response = await _server.Client.SendAsync(request);

        Assert.Equal(["gzip"], response.Content.Headers.ContentEncoding);
        Assert.True(response.Headers.Contains("X-Request-Id"));
    }

    private async Task<(string? Encoding, byte[] Body)> Get(string target, string accepted)
    {
        using HttpRequestMessage request = EdgeServer.Request("GET", target, null, null);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        using HttpResponseMessage response = await _server.Client.SendAsync(request);
        return (response.Content.Headers.ContentEncoding.SingleOrDefault(), await response.Content.ReadAsByteArrayAsync());
    }
}
