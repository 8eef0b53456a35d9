using System.Globalization;
using Exchange.NativeApi.Clients;

namespace Exchange.Acceptance.KillLoop;

/// <summary>A client of one account: trades one request after another, and remembers what was acknowledged.</summary>
internal sealed class TradingClient(uint account, string keyId, string secret, string adminToken, Random random)
{
    public static readonly string[] Symbols = ["BTCUSDT", "ETHUSDT"];

    private readonly List<ModelOrder> _earlier = [];
    private int _named;
    private string? _token;

    /// <summary>Of this round, in the order they were sent.</summary>
    public List<ModelOrder> Orders { get; } = [];

    public List<ModelTransfer> Transfers { get; } = [];

    /// <summary>All that was ever paid in and answered.</summary>
    public decimal Deposited { get; set; }

    public Statement Statement { get; } = new();

    /// <summary>Requests answered in this round.</summary>
    public int Answered { get; private set; }

    /// <summary>Gets a token, which a restart of the server ends.</summary>
    public async Task LogOn(Uri address) =>
        _token = (await Signed.Send(address, keyId, secret, "POST", "/api/v1/auth/tokens", "{}")).Required(201)["token"];

    public ApiClient Connect(Uri address) => new(address, _token);

    public async Task<StreamClient> OpenStream(Uri address)
    {
        StreamClient stream = await StreamClient.Connect(address);
        await stream.LogOn(_token!);
        return stream;
    }

    public ApiClient ConnectAsAdmin(Uri address) => new(address, adminToken);

    /// <summary>Orders of earlier rounds that are looked at again: the newest of them, and some.</summary>
    public IEnumerable<ModelOrder> Earlier => _earlier;

    public void BeginRound()
    {
        // What was acknowledged long ago must be there as well; all of it would take longer with every round.
        _earlier.AddRange(Orders.Where(order => order.IsAccepted == true && order.OrderId is not null).OrderBy(_ => random.Next()).Take(25));
        if (_earlier.Count > 200)
            _earlier.RemoveRange(0, _earlier.Count - 200);
        Orders.Clear();
        Transfers.Clear();
        Answered = 0;
    }

    /// <summary>Trades until a request fails for want of a server.</summary>
    public async Task TradeUntilItDies(Uri address, Action answered)
    {
        using ApiClient http = Connect(address);
        using ApiClient admin = ConnectAsAdmin(address);
        try
        {
            while (true)
            {
                await DoOne(http, admin);
                Answered++;
                answered();
            }
        }
        catch (Exception gone) when (gone is HttpRequestException or IOException or OperationCanceledException)
        {
            // The reply in hand is lost: what it would have said stays open in the model.
        }
    }

    private Task DoOne(ApiClient http, ApiClient admin)
    {
        int kind = random.Next(100);
        ModelOrder? open = kind is >= 55 and < 90 ? PickOpen() : null;
        return kind switch
        {
            >= 90 => Deposit(admin),
            >= 75 when open is not null => Cancel(http, open),
            >= 55 when open is not null => Amend(http, open),
            _ => Place(http, NewOrder()),
        };
    }

    private ModelOrder? PickOpen()
    {
        ModelOrder[] open = [.. Orders.Where(order => order.CanBeChanged)];
        return open.Length == 0 ? null : open[random.Next(open.Length)];
    }

    private ModelOrder NewOrder()
    {
        bool isBtc = random.Next(2) == 0;
        (string symbol, decimal price, decimal qty) = isBtc
            ? ("BTCUSDT", 50_000 + (random.Next(-50, 51) * 0.1m), random.Next(1, 21) * 0.001m)
            : ("ETHUSDT", 3_000 + (random.Next(-50, 51) * 0.01m), random.Next(10, 200) * 0.001m);
        string clientId = $"c{account}-{++_named}";
        string side = random.Next(2) == 0 ? "buy" : "sell";
        string terms = random.Next(10) switch
        {
            0 => "\"type\":\"market\"",
            1 => $"\"type\":\"limit\",\"timeInForce\":\"ioc\",\"price\":\"{Text(price)}\"",
            _ => $"\"type\":\"limit\",\"price\":\"{Text(price)}\"",
        };
        string body = $"{{\"clientOrderId\":\"{clientId}\",\"symbol\":\"{symbol}\",\"side\":\"{side}\",{terms},\"qty\":\"{Text(qty)}\"}}";
        return new ModelOrder(clientId, symbol, body, terms.Contains("market", StringComparison.Ordinal) ? null : price, qty);
    }

    private async Task Place(ApiClient http, ModelOrder order)
    {
        Orders.Add(order);
        ApiReply reply = await http.Place(order.Body);
        if (reply.Status == 201)
            order.Learn(reply.Json);
        else if (IsUnknown(reply))
            throw new HttpRequestException(reply.Refusal);
        else
            Refused(reply, order);
    }

    private static void Refused(ApiReply reply, ModelOrder order)
    {
        Assert.True(reply.Status == 422, $"{order.Body} was answered {reply.Refusal}");
        order.Refuse();
    }

    private async Task Amend(ApiClient http, ModelOrder order)
    {
        decimal price = order.Price!.Value + ((random.Next(2) == 0 ? 1 : -1) * (order.Symbol == "BTCUSDT" ? 0.1m : 0.01m));
        decimal qty = order.Qty + 0.001m;
        order.UnansweredAmend = (price, qty);
        ApiReply reply = await http.Patch(PathOf(order), $"{{\"price\":\"{Text(price)}\",\"qty\":\"{Text(qty)}\"}}");
        if (IsUnknown(reply))
            throw new HttpRequestException(reply.Refusal);
        order.UnansweredAmend = null;
        if (reply.Status == 200)
        {
            order.Amend(price, qty);
            order.Learn(reply.Json);
        }
        else
        {
            Assert.True(reply.Status is 404 or 422, $"An amend was answered {reply.Refusal}");
        }
    }

    private static async Task Cancel(ApiClient http, ModelOrder order)
    {
        order.HasUnansweredCancel = true;
        ApiReply reply = await http.Delete(PathOf(order));
        if (IsUnknown(reply))
            throw new HttpRequestException(reply.Refusal);
        order.HasUnansweredCancel = false;
        Assert.True(reply.Status is 200 or 404, $"A cancel was answered {reply.Refusal}");
        if (reply.Status != 200)
            return;
        order.Learn(reply.Json);
        Assert.Equal("canceled", order.Status);
    }

    private async Task Deposit(ApiClient admin)
    {
        var transfer = new ModelTransfer($"c{account}-{++_named}", random.Next(1, 1_000_000) / 100m);
        Transfers.Add(transfer);
        await Pay(admin, transfer);
    }

    /// <summary>Sends a deposit, the first time or again.</summary>
    public async Task Pay(ApiClient admin, ModelTransfer transfer)
    {
        ApiReply reply = await admin.Post("/api/v1/admin/deposits", TransferBody(transfer, transfer.Amount));
        if (IsUnknown(reply))
            throw new HttpRequestException(reply.Refusal);
        Assert.True(reply.Status == 200, $"A deposit was answered {reply.Refusal}");
        if (!transfer.IsAnswered)
            Deposited += transfer.Amount;
        transfer.IsAnswered = true;
    }

    public string TransferBody(ModelTransfer transfer, decimal amount) =>
        $"{{\"accountId\":\"{account}\",\"transferId\":\"{transfer.TransferId}\",\"amount\":\"{Text(amount)}\"}}";

    public static string PathOf(ModelOrder order) => $"/api/v1/orders/client:{order.ClientId}?symbol={order.Symbol}";

    /// <summary>The server said itself that it does not know: as if no answer had come.</summary>
    private static bool IsUnknown(ApiReply reply) => reply.Status >= 500;

    private static string Text(decimal value) => value.ToString("0.########", CultureInfo.InvariantCulture);
}
