using System.Text.Json;
using Exchange.Core;
using Exchange.Core.Accounts;
using Exchange.Core.Books;
using Exchange.Core.Orders;

namespace Exchange.Cli.Examples;

/// <summary>Runs worked examples (docs/rules) through the machines: every event of every step, then the final state.</summary>
public static class ExampleRunner
{
    /// <summary>Runs one example; returns what differs, one line each: none means it passed.</summary>
    public static List<string> Run(JsonElement example, JsonElement specs)
    {
        var differences = new List<string>();
        if (example.TryGetProperty("calc", out JsonElement calculation))
        {
            ExampleCalculations.Check(calculation.GetString()!, example, differences);
            return differences;
        }

        var engine = new ExampleEngine(example, specs);
        var orders = new ExampleOrders();
        int number = 0;
        foreach (JsonElement step in example.GetProperty("steps").EnumerateArray())
        {
            engine.Step(step);
            orders.Follow(engine.Output);
            CompareEvents(engine, step, ++number, differences);
            engine.Engine.CheckInvariants();
            if (differences.Count > 0)
                return differences;
        }

        CompareFinal(engine, example.GetProperty("final"), differences);
        orders.Compare(engine, example.GetProperty("final"), differences);
        return differences;
    }

    private static void CompareEvents(ExampleEngine engine, JsonElement step, int number, List<string> differences)
    {
        List<string> actual = ExampleEvents.Actual(engine);
        List<string> expected = [.. step.GetProperty("events").EnumerateArray().Select(ExampleEvents.Expected)];
        for (int i = 0; i < Math.Max(actual.Count, expected.Count); i++)
        {
            string is_ = i < actual.Count ? actual[i] : "(nothing)";
            string must = i < expected.Count ? expected[i] : "(nothing)";
            if (!string.Equals(is_, must, StringComparison.Ordinal))
                differences.Add($"step {number} {step.GetProperty("op").GetString()}, event {i + 1}: expected {must}; got {is_}");
        }
    }

    private static void CompareFinal(ExampleEngine engine, JsonElement final, List<string> differences)
    {
        Check(differences, "insuranceFund", Text(final, "insuranceFund"), ExampleEvents.Money(engine.Engine.Clearing.FundE8));
        Check(differences, "feeAccount", Text(final, "feeAccount"), ExampleEvents.Money(engine.Engine.Clearing.FeesE8));
        foreach (JsonProperty account in final.GetProperty("accounts").EnumerateObject())
            CompareAccount(engine, account, differences);
        foreach (JsonProperty book in final.GetProperty("books").EnumerateObject())
            CompareBook(engine, book, differences);
    }

    private static void CompareAccount(ExampleEngine engine, JsonProperty expected, List<string> differences)
    {
        string name = expected.Name;
        MarginAccount account = engine.Engine.Account(engine.Accounts[name])!;
        MarketTable market = engine.Engine.Market;
        Check(differences, name + ".wallet", Text(expected.Value, "wallet"), ExampleEvents.Money(account.WalletE8));
        Check(differences, name + ".available", Text(expected.Value, "available"), ExampleEvents.Money(account.AvailableE8(market)));
        Check(differences, name + ".withdrawable", Text(expected.Value, "withdrawable"), ExampleEvents.Money(account.WithdrawableE8(market)));
        foreach (JsonProperty reserved in expected.Value.GetProperty("reserved").EnumerateObject())
        {
            string is_ = ExampleEvents.Money(account.ReservedE8(engine.Symbols[reserved.Name], market));
            Check(differences, $"{name}.reserved.{reserved.Name}", reserved.Value.GetString()!, is_);
        }

        var positions = new List<string>();
        foreach (string symbol in engine.Symbols.Keys.Order(StringComparer.Ordinal))
        {
            for (int leg = 0; leg < 2; leg++)
            {
                if (account.PositionOf(engine.Symbols[symbol], leg).Lots != 0)
                    positions.Add(Position(engine, account, symbol, leg));
            }
        }

        List<string> must = [.. expected.Value.GetProperty("positions").EnumerateArray().Select(ExampleEvents.Expected)];
        Check(differences, name + ".positions", string.Join(" | ", must), string.Join(" | ", positions));
    }

    private static string Position(ExampleEngine engine, MarginAccount account, string symbolName, int leg)
    {
        int symbol = engine.Symbols[symbolName];
        MarketTable market = engine.Engine.Market;
        PositionLeg position = account.PositionOf(symbol, leg);
        Core.Instruments.Instrument instrument = engine.Instrument(symbol);
        Int128 size = Math.Abs(position.Lots);
        // Shown entry price: cost / quantity, half up to 8 decimals.
        Int128 quantityE8 = size * instrument.LotE8;
        Int128 entryE8 = ((Int128)position.CostE8 * 100_000_000 * 2 + quantityE8) / (quantityE8 * 2);
        long? liquidation = account.LiquidationTicks(symbol, leg, market);
        PositionSide side = !account.IsHedge ? PositionSide.Both : leg == 0 ? PositionSide.Long : PositionSide.Short;
        (string Name, string Value)[] fields =
        [
            ("cost", ExampleEvents.Money(position.CostE8)),
            ("entryPrice", ExampleEvents.Money(entryE8)),
            ("isolatedMargin", ExampleEvents.Money(position.IsolatedE8)),
            ("liquidationPrice", liquidation is { } ticks ? ExampleEvents.Decimal(ticks, instrument.TickE8) : "null"),
            ("maintMargin", ExampleEvents.Money(account.MaintenanceE8(symbol, leg, market))),
            ("positionSide", ExampleEvents.Upper(side.ToString())),
            ("qty", ExampleEvents.Decimal(position.Lots, instrument.LotE8)),
            ("symbol", symbolName),
            ("unrealizedPnl", ExampleEvents.Money(account.UnrealisedE8(symbol, leg, market))),
        ];
        return string.Join(' ', fields.Select(field => $"{field.Name}={field.Value}"));
    }

    private static void CompareBook(ExampleEngine engine, JsonProperty expected, List<string> differences)
    {
        int symbol = engine.Symbols[expected.Name];
        OrderBook book = engine.Engine.Books[symbol];
        foreach ((string name, Side side) in new[] { ("bids", Side.Buy), ("asks", Side.Sell) })
        {
            var ids = new List<ulong>();
            book.CopyQueue(side, ids);
            string is_ = string.Join(" | ", ids.Select(id => Resting(engine, book, id)));
            string must = string.Join(" | ", expected.Value.GetProperty(name).EnumerateArray().Select(ExampleEvents.Expected));
            Check(differences, $"{expected.Name}.{name}", must, is_);
        }

        var waiting = new List<ulong>();
        foreach (uint account in engine.Accounts.Values)
        {
            var orders = new List<OpenOrder>();
            book.CopyOpenOrders(account, orders);
            waiting.AddRange(orders.Where(order => order.IsWaiting).Select(order => order.OrderId));
        }

        waiting.Sort();
        string expectedIds = string.Join(",", expected.Value.GetProperty("waiting").EnumerateArray().Select(id => id.GetRawText()));
        Check(differences, expected.Name + ".waiting", expectedIds, string.Join(",", waiting));
    }

    private static string Resting(ExampleEngine engine, OrderBook book, ulong id)
    {
        book.TryGetOrder(id, out _, out OpenOrder order);
        Core.Instruments.Instrument instrument = engine.Instrument(book.Instrument.SymbolId);
        return $"id={id} price={ExampleEvents.Decimal(order.PriceTicks, instrument.TickE8)} qty={ExampleEvents.Decimal(order.LeavesLots, instrument.LotE8)}";
    }

    private static string Text(JsonElement element, string name) => element.GetProperty(name).GetString()!;

    private static void Check(List<string> differences, string what, string must, string is_)
    {
        if (!string.Equals(must, is_, StringComparison.Ordinal))
            differences.Add($"{what}: expected {must}; got {is_}");
    }
}
