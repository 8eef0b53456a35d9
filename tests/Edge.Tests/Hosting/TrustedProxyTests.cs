using Exchange.Edge.Authentication;
using Exchange.Edge.Tests.Support;
using Microsoft.Extensions.Options;

namespace Exchange.Edge.Tests.Hosting;

/// <summary>X-Forwarded-For is believed from trusted proxies only (S12).</summary>
public sealed class TrustedProxyTests
{
    [Theory]
    [InlineData("127.0.0.0/8", "203.0.113.7", true)]
    [InlineData("127.0.0.0/8", "198.51.100.1, 203.0.113.7", true)]
    [InlineData("127.0.0.0/8,198.51.100.0/24", "203.0.113.7, 198.51.100.1", true)]
    [InlineData("127.0.0.0/8", "203.0.113.7, 198.51.100.1", false)]
    [InlineData("10.0.0.0/8", "203.0.113.7", false)]
    [InlineData("", "203.0.113.7", false)]
    public async Task A_client_is_where_the_last_trusted_proxy_saw_it(string trusted, string forwarded, bool isAllowed)
    {
        await using EdgeServer server = await EdgeServer.Start(null, ("Edge:TrustedProxies", trusted));
        ApiKey key = (await server.Keys.Create(new KeyTerms(7, Permissions.Read) { Addresses = AddressList.Parse(["203.0.113.7"])! }))!;
        HttpRequestMessage request = EdgeServer.Request("GET", "/api/v1/orders", null, null);
        new Signing().Sign(request, "/api/v1/orders", [], key, server.Time.NowMs);
        request.Headers.TryAddWithoutValidation("X-Forwarded-For", forwarded);

        Assert.Equal(isAllowed ? 200 : 403, (await server.Send(request)).Code);
    }

    [Fact]
    public async Task A_list_that_is_none_stops_the_start() =>
        await Assert.ThrowsAsync<OptionsValidationException>(() => EdgeServer.Start(null, ("Edge:TrustedProxies", "10.0.0.0/8, proxy")));
}
