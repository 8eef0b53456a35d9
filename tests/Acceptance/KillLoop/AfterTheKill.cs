using System.Text.Json;

namespace Exchange.Acceptance.KillLoop;

/// <summary>What must hold of a venue that has come up again, against what its clients remember.</summary>
internal sealed class AfterTheKill(Uri address, IReadOnlyList<TradingClient> clients)
{
    private readonly Dictionary<(string Symbol, long TradeId), int> _sides = [];

    /// <summary>A funding round has moved money between accounts since the beginning, which no fill tells.</summary>
    public bool IsFunded { get; init; }

    /// <summary>Unanswered requests that turned out to have been carried out.</summary>
    public int Found { get; private set; }

    /// <summary>Unanswered requests of which nothing was there.</summary>
    public int Absent { get; private set; }

    public async Task Check(Dictionary<string, long> tradesBefore)
    {
        foreach (TradingClient client in clients)
            await ExpectAcknowledged(client);
        foreach (TradingClient client in clients)
            await SendUnansweredAgain(client);
        foreach (TradingClient client in clients)
        {
            await ExpectRepeatsToAnswerTheFirst(client);
            await ExpectNothingTwice(client);
        }

        await ExpectMoneyToAddUp(tradesBefore);
    }

    private async Task ExpectAcknowledged(TradingClient client)
    {
        using ApiClient http = client.Connect(address);
        foreach (ModelOrder order in client.Orders.Concat(client.Earlier))
        {
            ApiReply reply = await http.Get(TradingClient.PathOf(order));
            switch (order.IsAccepted)
            {
                case true:
                    order.Learn(reply.Required().Json);
                    break;
                case false:
                    Assert.Equal("404 UNKNOWN_ORDER", reply.Refusal);
                    break;
                default:
                    Count(reply.Status == 200);
                    if (reply.Status == 200)
                        order.Learn(reply.Json);
                    else
                        Assert.Equal("404 UNKNOWN_ORDER", reply.Refusal);
                    break;
            }

            order.UnansweredAmend = null;   // By now it is known which terms it has.
        }
    }

    private void Count(bool isThere)
    {
        if (isThere)
            Found++;
        else
            Absent++;
    }

    private async Task SendUnansweredAgain(TradingClient client)
    {
        using ApiClient http = client.Connect(address);
        using ApiClient admin = client.ConnectAsAdmin(address);
        foreach (ModelOrder order in client.Orders.Where(order => order.IsAccepted is null))
        {
            ApiReply reply = await http.Place(order.Body);
            if (reply.Status == 422)
                order.Refuse();
            else
                order.Learn(reply.Required(201).Json);
        }

        foreach (ModelOrder order in client.Orders.Where(order => order.HasUnansweredCancel))
        {
            ApiReply reply = await http.Delete(TradingClient.PathOf(order));
            Assert.True(reply.Status is 200 or 404, $"A repeated cancel was answered {reply.Refusal}");
            order.HasUnansweredCancel = false;
            order.Learn((await http.Get(TradingClient.PathOf(order))).Required().Json);
            Assert.True(order.IsFinal, $"Order {order.ClientId} is {order.Status} after its cancel");
        }

        foreach (ModelTransfer transfer in client.Transfers.Where(transfer => !transfer.IsAnswered))
            await client.Pay(admin, transfer);
    }

    private async Task ExpectRepeatsToAnswerTheFirst(TradingClient client)
    {
        using ApiClient http = client.Connect(address);
        using ApiClient admin = client.ConnectAsAdmin(address);
        foreach (ModelOrder order in client.Orders.Where(order => order.IsAccepted == true).TakeLast(100))
            order.Learn((await http.Place(order.Body)).Required(200).Json);

        foreach (ModelTransfer transfer in client.Transfers)
            await client.Pay(admin, transfer);
        if (client.Transfers is [ModelTransfer first, ..])
        {
            ApiReply other = await admin.Post("/api/v1/admin/deposits", client.TransferBody(first, first.Amount + 1));
            Assert.Equal("409 TRANSFER_ID_REUSED", other.Refusal);
        }
    }

    /// <summary>The account's list has each accepted order of this round once, and no other.</summary>
    private async Task ExpectNothingTwice(TradingClient client)
    {
        string[] accepted = [.. client.Orders.Where(order => order.IsAccepted == true).Select(order => order.ClientId).Order(StringComparer.Ordinal)];
        string[] listed = await Newest(client, accepted.Length);
        Assert.Equal(accepted, listed.Order(StringComparer.Ordinal));
    }

    private async Task<string[]> Newest(TradingClient client, int count)
    {
        using ApiClient http = client.Connect(address);
        List<string> listed = [];
        string cursor = "";
        do
        {
            JsonElement page = (await http.Get($"/api/v1/orders?limit=500{cursor}")).Required().Json;
            listed.AddRange(page.GetProperty("orders").EnumerateArray().Select(order => order.GetProperty("clientOrderId").GetString()!));
            cursor = page.TryGetProperty("nextCursor", out JsonElement next) ? $"&cursor={next.GetString()}" : "";
        }
        while (listed.Count < count && cursor.Length > 0);
        Assert.Equal(listed.Count, listed.Distinct(StringComparer.Ordinal).Count());
        return [.. listed.Take(count)];
    }

    private async Task ExpectMoneyToAddUp(Dictionary<string, long> tradesBefore)
    {
        decimal money = 0, fees = 0, deposited = 0;
        Dictionary<string, decimal> positions = [];
        foreach (TradingClient client in clients)
        {
            JsonElement account = await Read(client);
            money += Number(account, "walletBalance") + account.GetProperty("positions").EnumerateArray().Sum(GainAtMarkZero);
            fees += client.Statement.Fees;
            deposited += client.Deposited;
            foreach ((string symbol, decimal qty) in client.Statement.Positions)
                positions[symbol] = positions.GetValueOrDefault(symbol) + qty;
        }

        // Positions of a symbol sum to zero, so at any one mark what one side has gained the other has lost.
        Assert.All(positions.Values, sum => Assert.Equal(0m, sum));
        if (!IsFunded)
            Assert.Equal(deposited, money + fees);
        ExpectEachTradeToHaveTwoSides(tradesBefore);
    }

    /// <summary>One account: its wallet and positions are what its deposits and fills say, to the last unit.</summary>
    private async Task<JsonElement> Read(TradingClient client)
    {
        using ApiClient http = client.Connect(address);
        foreach (Fill fill in await client.Statement.Read(http, TradingClient.Symbols))
            _sides[(fill.Symbol, fill.TradeId)] = _sides.GetValueOrDefault((fill.Symbol, fill.TradeId)) + 1;
        foreach (ModelOrder order in client.Orders.Where(order => order.OrderId is not null))
            order.Learn((await http.Get(TradingClient.PathOf(order))).Required().Json);
        Assert.All(
            client.Orders.Where(order => order.OrderId is not null),
            order => Assert.Equal(order.Filled, client.Statement.FilledOf(order.Symbol, order.OrderId!)));

        JsonElement account = (await http.Get("/api/v1/account")).Required().Json;
        if (!IsFunded)
            Assert.Equal(client.Deposited - client.Statement.Fees + client.Statement.Realised, Number(account, "walletBalance"));
        Dictionary<string, decimal> held = account.GetProperty("positions").EnumerateArray()
            .ToDictionary(position => position.GetProperty("symbol").GetString()!, position => Number(position, "qty"));
        Assert.All(client.Statement.Positions, entry => Assert.Equal(entry.Value, held.GetValueOrDefault(entry.Key)));
        return account;
    }

    /// <summary>The mark moves between the readings of two accounts, so all are valued at one: at zero.</summary>
    private static decimal GainAtMarkZero(JsonElement position) =>
        Number(position, "unrealisedPnl") - (Number(position, "markPrice") * Number(position, "qty"));

    private void ExpectEachTradeToHaveTwoSides(Dictionary<string, long> tradesBefore)
    {
        Assert.All(_sides, entry => Assert.Equal(2, entry.Value));
        foreach (IGrouping<string, long> trades in _sides.Keys.GroupBy(key => key.Symbol, key => key.TradeId))
        {
            long before = tradesBefore.GetValueOrDefault(trades.Key);
            Assert.Equal(before + 1, trades.Min());
            Assert.Equal(before + trades.Count(), trades.Max());
            tradesBefore[trades.Key] = trades.Max();
        }
    }

    private static decimal Number(JsonElement json, string field) => decimal.Parse(json.GetProperty(field).GetString()!);
}
