using Exchange.NativeApi.Clients;
using Exchange.NativeApi.Servers;

namespace Exchange.NativeApi.Suites;

/// <summary>Two funded traders and a market of their own, new for every test.</summary>
public abstract class NativeApiSuite(VenueServer server) : IAsyncLifetime
{
    protected VenueServer Server { get; } = server;

    protected Market Market { get; private set; } = null!;

    protected Trader Alice { get; private set; } = null!;

    protected Trader Bob { get; private set; } = null!;

    public virtual async Task InitializeAsync()
    {
        Skip.If(Server.WhyNot is not null, Server.WhyNot);
        Market = await Server.NewMarket();
        Alice = await Server.NewTrader();
        Bob = await Server.NewTrader();
    }

    public virtual Task DisposeAsync()
    {
        Alice?.Dispose();
        Bob?.Dispose();
        return Task.CompletedTask;
    }

    /// <summary>Alice buys so much of Bob at a price; both have seen it.</summary>
    protected async Task AliceBuysFromBob(string price, string qty)
    {
        (await Bob.Place(Market.Limit("sell", price, qty))).Required(201);
        (await Alice.Place(Market.Limit("buy", price, qty, ""","timeInForce":"ioc" """))).Required(201).Shows($"status=filled filledQty={qty}");
        await Bob.GetUntil("/api/v1/orders?status=open", reply => reply.Count("orders") == 0);
    }

    /// <summary>The only position, once there is one and it shows such fields.</summary>
    protected static async Task ExpectPosition(ApiClient client, string fields)
    {
        ApiReply reply = await client.GetUntil("/api/v1/positions", reply => reply.Count("positions") == 1);
        reply.Json.GetProperty("positions")[0].Shows(fields);
    }
}
