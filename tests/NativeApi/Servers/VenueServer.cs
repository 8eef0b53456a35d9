using System.Collections.Concurrent;
using System.Globalization;
using Exchange.NativeApi.Clients;

namespace Exchange.NativeApi.Servers;

/// <summary>A server of the native API, whatever is behind it. Everything that tests need of it they get by the API itself.</summary>
/// <remarks>
/// Tests share one server and do not see each other: each has accounts and symbols of its own. A server may have several edges;
/// clients are dealt out to them in turn, so that whoever trades, reads or listens does so over different ones.
/// </remarks>
public abstract class VenueServer : IAsyncLifetime
{
    private readonly ConcurrentQueue<Market> _markets = new();
    private readonly List<ApiClient> _admins = [];
    private int _lastMarket;
    private int _lastAccount = 100;
    private int _lastEdge;

    /// <summary>Where clients reach it, at least one address.</summary>
    public abstract IReadOnlyList<Uri> Edges { get; }

    /// <summary>May read, trade and administer.</summary>
    public abstract ServerKey AdminKey { get; }

    /// <summary>What this machine lacks to run it; null: nothing.</summary>
    public string? WhyNot { get; private set; }

    /// <summary>An administrator, at the first edge.</summary>
    public ApiClient Admin => _admins[0];

    public async Task InitializeAsync()
    {
        try
        {
            await Start();
        }
        catch (SkipException cause)
        {
            WhyNot = cause.Message;
            return;
        }

        await WaitUntilKnown(AdminKey);
        foreach (Uri edge in Edges)
            _admins.Add(new ApiClient(edge, await TokenAt(edge, AdminKey)));
        await ListMarkets(MarketsAtOnce);
    }

    public async Task DisposeAsync()
    {
        foreach (ApiClient admin in _admins)
            admin.Dispose();
        await Stop();
    }

    /// <summary>The edge whose turn it is.</summary>
    public Uri NextEdge() => Edges[(Interlocked.Increment(ref _lastEdge) & int.MaxValue) % Edges.Count];

    /// <summary>A symbol that trades on every edge and that nobody else uses.</summary>
    public async Task<Market> NewMarket()
    {
        Market? market;
        while (!_markets.TryDequeue(out market))
            await ListMarkets(Math.Max(1, MarketsAtOnce / 4));
        return market;
    }

    /// <summary>A name that no symbol has yet.</summary>
    public Market UnlistedMarket() => new($"M{Interlocked.Increment(ref _lastMarket)}USDT");

    /// <summary>Until every edge shows a symbol in such a state.</summary>
    public async Task WaitForStatus(Market market, string status)
    {
        foreach (ApiClient edge in _admins)
            await edge.GetUntil($"/api/v1/instruments/{market.Symbol}", reply => reply["status"] == status);
    }

    /// <summary>Someone new with so much money, at the edge whose turn it is.</summary>
    public async Task<Trader> NewTrader(string usdt = "100000")
    {
        string account = await NewAccount(usdt);
        Uri edge = NextEdge();
        ServerKey key = await NewKey(account, """{"permissions":["read","trade"]}""");
        return new Trader(edge, account, key, await TokenAt(edge, key));
    }

    /// <summary>The same trader at another edge, if there is one.</summary>
    public async Task<Trader> Elsewhere(Trader trader)
    {
        Uri edge = Edges[(Edges.ToList().IndexOf(trader.Address) + 1) % Edges.Count];
        return new Trader(edge, trader.Account, trader.Key, await TokenAt(edge, trader.Key));
    }

    /// <summary>An account that is not there yet.</summary>
    public string UnusedAccount() => Interlocked.Increment(ref _lastAccount).ToString(CultureInfo.InvariantCulture);

    /// <summary>A key of an account, made by the administrator.</summary>
    public async Task<ServerKey> NewKey(string account, string terms)
    {
        ApiReply made = (await Admin.Post($"/api/v1/admin/accounts/{account}/keys", terms)).Required(201);
        var key = new ServerKey(made["keyId"], made["secret"]);
        await WaitUntilKnown(key);
        return key;
    }

    /// <summary>Edges hear of a new key one after the other, each within a quarter of a second.</summary>
    public async Task WaitUntilKnown(ServerKey key)
    {
        foreach (Uri edge in Edges)
            await Condition.Holds(async () => (await Signed.Send(edge, key.KeyId, key.Secret, "GET", "/api/v1/keys", "")).Refusal != "401 BAD_SIGNATURE");
    }

    public static async Task<string> TokenAt(Uri edge, ServerKey key, string terms = "{}") =>
        (await Signed.Send(edge, key.KeyId, key.Secret, "POST", "/api/v1/auth/tokens", terms)).Required(201)["token"];

    /// <summary>Listed at once, since a symbol takes a second until it has a mark everywhere.</summary>
    protected virtual int MarketsAtOnce => 48;

    protected abstract Task Start();

    protected abstract Task Stop();

    private async Task<string> NewAccount(string usdt)
    {
        string account = UnusedAccount();
        (await Admin.Post("/api/v1/admin/accounts", $$"""{"accountId":"{{account}}"}""")).Required(201);
        if (usdt != "0")
            (await Admin.Post("/api/v1/admin/deposits", $$"""{"accountId":"{{account}}","transferId":"start","amount":"{{usdt}}"}""")).Required();
        return account;
    }

    private async Task ListMarkets(int count)
    {
        List<Market> listed = [];
        for (int i = 0; i < count; i++)
        {
            Market market = UnlistedMarket();
            (await Admin.Post("/api/v1/admin/instruments", market.Listing)).Required(201);
            listed.Add(market);
        }

        foreach (Market market in listed)
        {
            await WaitForStatus(market, "trading");
            _markets.Enqueue(market);
        }
    }
}
