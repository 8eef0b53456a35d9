using System.Net;
using System.Text.Json;
using Exchange.Core;
using Exchange.Core.Port;
using Exchange.Grains.Interfaces;
using Exchange.Silo.Bench;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Exchange.Silo.Tests.Api;

/// <summary>The native API of silos in this process over a database of their own.</summary>
public sealed class ApiTests
{
    private const string Symbol = "B0USDT";

    [SkippableFact]
    public async Task Accounts_are_opened_and_funded_and_trade_over_http_and_hear_of_it()
    {
        string database = TemporaryPostgres.Shared.CreateDatabase();
        await using ApiSilo silo = await ApiSilo.Start(database, $"test-{Guid.NewGuid():n}", "one");
        string admin = await Open(silo, accounts: 2);
        string alice = await silo.TokenOf(1);
        string bob = await silo.TokenOf(2);
        using OrderStream heard = await silo.Listen(alice);

        JsonElement placed = await silo.Post(alice, "/api/v1/orders", Limit("buy", "50000", "0.01", "a-1"));
        await silo.Post(bob, "/api/v1/orders", Limit("sell", "50000", "0.004", "b-1"));

        Assert.Equal("new", placed.GetProperty("status").GetString());
        Assert.Equal("accepted a-1 new", await heard.Next());
        Assert.Equal(["updated a-1 partially_filled", "fill 0.004"], new[] { await heard.Next(), await heard.Next() }.Order(StringComparer.Ordinal).Reverse());
        JsonElement found = await silo.Get(alice, $"/api/v1/orders/client:a-1?symbol={Symbol}");
        Assert.Equal("0.004", found.GetProperty("filledQty").GetString());
        JsonElement canceled = await silo.Ask(alice, HttpMethod.Delete, $"/api/v1/orders/{placed.GetProperty("orderId").GetString()}");
        Assert.Equal("canceled", canceled.GetProperty("status").GetString());
        Assert.Equal("updated a-1 canceled", await heard.Next());
        JsonElement position = Assert.Single((await silo.Get(alice, "/api/v1/positions")).GetProperty("positions").EnumerateArray());
        Assert.Equal("0.004", position.GetProperty("qty").GetString());
        Assert.Single((await silo.Get(bob, "/api/v1/fills")).GetProperty("fills").EnumerateArray());
        Assert.Equal(2, (await silo.Get(alice, "/api/v1/ledger")).GetProperty("movements").GetArrayLength());

        await silo.Ask(admin, HttpMethod.Put, "/api/v1/admin/accounts/1/state", new { state = "frozen" });
        HttpRequestException refused = await Assert.ThrowsAsync<HttpRequestException>(
            () => silo.Post(alice, "/api/v1/orders", Limit("buy", "50000", "0.01", "a-2")));
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [SkippableFact]
    public async Task A_stream_loses_nothing_and_hears_nothing_twice_while_its_account_moves_to_another_silo()
    {
        string database = TemporaryPostgres.Shared.CreateDatabase();
        string cluster = $"test-{Guid.NewGuid():n}";
        await using ApiSilo edge = await ApiSilo.Start(database, cluster, "edge");
        await using var other = await ApiSilo.Start(database, cluster, "other");
        await Open(edge, accounts: 4);
        uint account = await AccountOn(other, edge);
        string token = await edge.TokenOf(account);
        using OrderStream heard = await edge.Listen(token);
        var told = new List<string>();
        for (int i = 0; i < 5; i++)
        {
            await edge.Post(token, "/api/v1/orders", Limit("buy", "49000", "0.01", $"before-{i}"));
            told.Add(await heard.Next());
        }

        string cursor = heard.Cursor;
        await other.App.StopAsync();
        for (int i = 0; i < 5; i++)
        {
            await PlaceWhenRecovered(edge, token, $"after-{i}");
            told.Add(await heard.Next());
        }

        string[] expected = [.. Enumerable.Range(0, 5).Select(i => $"accepted before-{i} new"), .. Enumerable.Range(0, 5).Select(i => $"accepted after-{i} new")];
        Assert.Equal(expected, told);
        using OrderStream resumed = await edge.Listen(token, cursor);
        for (int i = 0; i < 5; i++)
            Assert.Equal($"accepted after-{i} new", await resumed.Next());
    }

    [SkippableFact]
    public async Task While_the_database_cannot_be_reached_requests_are_refused_as_not_ready_and_taken_again_after()
    {
        string database = TemporaryPostgres.Shared.CreateDatabase();
        using var proxy = new TcpProxy(TemporaryPostgres.Shared.Port);
        await using ApiSilo silo = await ApiSilo.Start(TemporaryPostgres.Through(proxy.Port, database), $"test-{Guid.NewGuid():n}", "one");
        await Open(silo, accounts: 1);
        string alice = await silo.TokenOf(1);
        await silo.Post(alice, "/api/v1/orders", Limit("buy", "49000", "0.01", "before"));
        using OrderStream heard = await silo.Listen(alice);

        // Nobody asks for anything meanwhile: the silo finds out by itself.
        proxy.Refuses = true;
        proxy.Cut();
        await Condition.Holds(async () => !await silo.IsReady());
        HttpRequestException refused = await Assert.ThrowsAsync<HttpRequestException>(
            () => silo.Post(alice, "/api/v1/orders", Limit("buy", "49000", "0.01", "while")));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains("NOT_READY", refused.Message, StringComparison.Ordinal);

        proxy.Refuses = false;
        await Condition.Holds(() => silo.IsReady());
        await PlaceWhenRecovered(silo, alice, "after");
        Assert.Equal("accepted after new", await heard.Next());
        JsonElement open = await silo.Get(alice, "/api/v1/orders?status=open");
        Assert.Equal(["before", "after"], open.GetProperty("orders").EnumerateArray().Select(order => order.GetProperty("clientOrderId").GetString()));
    }

    /// <summary>Lists a symbol, and opens accounts with money.</summary>
    /// <returns>The administrator's token.</returns>
    internal static async Task<string> Open(ApiSilo silo, uint accounts)
    {
        string admin = await silo.TokenOf(0);
        IExchange exchange = silo.App.Services.GetRequiredService<IExchange>();
        Assert.Equal(RejectReason.None, (await exchange.List(BenchInstruments.Create(0), CancellationToken.None)).Reason);
        await Condition.Holds(() => exchange.GetTicker(0).MarkTicks != 0);
        for (uint account = 1; account <= accounts; account++)
        {
            await silo.Post(admin, "/api/v1/admin/accounts", new { accountId = $"{account}" });
            await silo.Post(admin, "/api/v1/admin/deposits", new { accountId = $"{account}", transferId = $"first-{account}", amount = "100000" });
        }

        return admin;
    }

    /// <summary>An account that lives on one silo, seen from another.</summary>
    private static async Task<uint> AccountOn(ApiSilo silo, ApiSilo from)
    {
        SiloAddress wanted = silo.App.Services.GetRequiredService<ILocalSiloDetails>().SiloAddress;
        IGrainFactory grains = from.App.Services.GetRequiredService<IGrainFactory>();
        IManagementGrain management = grains.GetGrain<IManagementGrain>(0);
        for (uint account = 1; ; account++)
        {
            if (wanted.Equals(await management.GetActivationAddress(grains.GetGrain<IPositionGrain>(account))))
                return account;
        }
    }

    /// <summary>As a client does that is told to ask again.</summary>
    private static async Task PlaceWhenRecovered(ApiSilo silo, string token, string id)
    {
        await Condition.Holds(async () =>
        {
            try
            {
                await silo.Post(token, "/api/v1/orders", Limit("buy", "49000", "0.01", id));
                return true;
            }
            catch (HttpRequestException refused) when (refused.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout)
            {
                return false;
            }
        });
    }

    internal static object Limit(string side, string price, string quantity, string id) =>
        new { symbol = Symbol, side, type = "limit", price, qty = quantity, clientOrderId = id };
}
