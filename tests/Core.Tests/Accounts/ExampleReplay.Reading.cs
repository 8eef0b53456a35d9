using System.Globalization;
using System.Text.Json;
using Exchange.Core.Accounts;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Tests.Instruments;

namespace Exchange.Core.Tests.Accounts;

/// <content>From the examples' text to units, and the comparison of the final state.</content>
internal sealed partial class ExampleReplay
{
    private void CheckFinal(JsonElement final)
    {
        Assert.Equal(Money(final.GetProperty("insuranceFund")), _fundE8);
        Assert.Equal(Money(final.GetProperty("feeAccount")), _accounts.Sum(a => a.Totals.FeesE8));
        foreach (JsonProperty entry in final.GetProperty("accounts").EnumerateObject())
        {
            MarginAccount account = _accounts[Array.IndexOf(_names, entry.Name)];
            Assert.Equal(
                (entry.Name, Money(entry.Value.GetProperty("wallet")), Money(entry.Value.GetProperty("available")),
                    Money(entry.Value.GetProperty("withdrawable"))),
                (entry.Name, account.WalletE8, account.AvailableE8(_market), account.WithdrawableE8(_market)));
            foreach (JsonProperty reserved in entry.Value.GetProperty("reserved").EnumerateObject())
                Assert.Equal(Money(reserved.Value), account.ReservedE8(Array.IndexOf(_symbols, reserved.Name), _market));
            int count = 0;
            foreach (JsonElement position in entry.Value.GetProperty("positions").EnumerateArray())
            {
                count++;
                CheckPosition(account, position);
            }

            Assert.Equal(count, Enumerable.Range(0, _symbols.Length * 2).Count(i => account.PositionOf(i / 2, i % 2).Lots != 0));
        }
    }

    private void CheckPosition(MarginAccount account, JsonElement expected)
    {
        int symbol = SymbolOf(expected);
        int leg = SideOfPosition(expected).Leg();
        PositionLeg position = account.PositionOf(symbol, leg);
        Assert.Equal(Lots(expected.GetProperty("qty"), symbol), position.Lots);
        Assert.Equal(Money(expected.GetProperty("cost")), position.CostE8);
        Assert.Equal(Money(expected.GetProperty("isolatedMargin")), position.IsolatedE8);
        Assert.Equal(Money(expected.GetProperty("unrealizedPnl")), account.UnrealisedE8(symbol, leg, _market));
        Assert.Equal(Money(expected.GetProperty("maintMargin")), account.MaintenanceE8(symbol, leg, _market));
        JsonElement price = expected.GetProperty("liquidationPrice");
        Assert.Equal(
            price.ValueKind == JsonValueKind.Null ? null : PriceTicks(price, symbol),
            account.LiquidationTicks(symbol, leg, _market));
    }

    private static Instrument ToInstrument(JsonElement spec, int symbolId, string example)
    {
        long tick = Money(spec.GetProperty("tick"));
        long lot = Money(spec.GetProperty("lot"));
        long Rate(string name) => Money(spec.GetProperty(name));
        bool namesHighPrices = example is "s-amend-price-range" or "s-max-price";
        return TestInstruments.Create(new InstrumentSettings
        {
            Symbol = spec.GetProperty("symbol").GetString()!,
            TickE8 = tick,
            LotE8 = lot,
            MakerRateE8 = Rate("maker"),
            TakerRateE8 = Rate("taker"),
            LiquidationFeeRateE8 = Rate("liquidationFee"),
            BandUpE8 = Rate("bandUp"),
            BandDownE8 = Rate("bandDown"),
            MarketBoundE8 = Rate("marketBound"),
            MinLots = Rate("minQty") / lot,
            MaxLots = Rate("maxQty") / lot,
            MinNotionalE8 = Rate("minNotional"),
            MaxOrders = spec.TryGetProperty("maxOrders", out JsonElement orders) ? orders.GetInt32() : 200,
            MaxPositionLots = spec.TryGetProperty("maxPosition", out JsonElement position) ? Money(position) / lot : 0,
            MaxPriceTicks = spec.TryGetProperty("maxPrice", out JsonElement price)
                ? Money(price) / tick
                : namesHighPrices ? InstrumentLimits.MaxPriceTicks : 100_000_000,
            TriggerProtectE8 = spec.TryGetProperty("triggerProtect", out _) ? Rate("triggerProtect") : 0,
            Brackets = [.. spec.GetProperty("brackets").EnumerateArray().Select(b => new BracketSettings(
                Money(b.GetProperty("cap")), b.GetProperty("maxLeverage").GetInt32(), Money(b.GetProperty("mmr"))))],
        }, symbolId);
    }

    private OrderTerms ToTerms(JsonElement step)
    {
        int symbol = SymbolOf(step);
        OrderTerms terms = new() { Symbol = symbol };
        terms.Side = Text(step, "side", "BUY") == "SELL" ? Side.Sell : Side.Buy;
        terms.Type = Enum.Parse<OrderType>(Text(step, "type", "LIMIT").Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
        terms.TimeInForce = Enum.Parse<TimeInForce>(Text(step, "tif", terms.Type.IsMarketType() ? "IOC" : "GTC"), ignoreCase: true);
        terms.Stp = Enum.Parse<SelfTradePrevention>(
            Text(step, "stp", "EXPIRE_MAKER").Replace("_", "", StringComparison.Ordinal), ignoreCase: true);
        terms.PositionSide = SideOfPosition(step);
        terms.Flags = Flag(step, "reduceOnly", OrderFlags.ReduceOnly) | Flag(step, "closePosition", OrderFlags.ClosePosition)
            | Flag(step, "priceProtect", OrderFlags.PriceProtect);
        if (Text(step, "workingType", "LAST") == "MARK")
            terms.Flags |= OrderFlags.WorkingMark;
        if (step.TryGetProperty("clientId", out JsonElement clientId))
            terms.ClientKey = ClientKey.From(System.Text.Encoding.ASCII.GetBytes(clientId.GetString()!));
        terms.PriceTicks = Field(step, "price", OrderFields.Price, ref terms, value => PriceTicks(value, symbol));
        terms.Lots = Field(step, "qty", OrderFields.Lots, ref terms, value => Lots(value, symbol));
        terms.StopTicks = Field(step, "stopPrice", OrderFields.Stop, ref terms, value => PriceTicks(value, symbol));
        terms.ActivationTicks = Field(step, "activationPrice", OrderFields.Activation, ref terms, value => PriceTicks(value, symbol));
        terms.CallbackRateE8 = (int)Field(step, "callbackRate", OrderFields.Callback, ref terms, Money);
        terms.GtdMs = Field(step, "gtd", OrderFields.Gtd, ref terms, value => value.GetInt64());
        return terms;
    }

    private static long Field(JsonElement step, string name, OrderFields field, ref OrderTerms terms, Func<JsonElement, long> read)
    {
        if (!step.TryGetProperty(name, out JsonElement value))
            return 0;
        terms.Fields |= field;
        return read(value);
    }

    private static OrderFlags Flag(JsonElement step, string name, OrderFlags flag) =>
        step.TryGetProperty(name, out JsonElement value) && value.GetBoolean() ? flag : OrderFlags.None;

    private static string Text(JsonElement step, string name, string absent) =>
        step.TryGetProperty(name, out JsonElement value) ? value.GetString()! : absent;

    private MarginAccount AccountOf(JsonElement e) => _accounts[Array.IndexOf(_names, e.GetProperty("account").GetString())];

    private int SymbolOf(JsonElement e) =>
        e.TryGetProperty("symbol", out JsonElement symbol) ? Array.IndexOf(_symbols, symbol.GetString()) : 0;

    private static PositionSide SideOfPosition(JsonElement e) =>
        Enum.Parse<PositionSide>(Text(e, "positionSide", "BOTH"), ignoreCase: true);

    private long PriceTicks(JsonElement value, int symbol) =>
        (long)(decimal.Parse(value.GetString()!, CultureInfo.InvariantCulture) / (_market[symbol].Instrument.TickE8 / 100_000_000m));

    private long Lots(JsonElement value, int symbol) => Money(value) / _market[symbol].Instrument.LotE8;

    private static long Money(JsonElement value) =>
        (long)(decimal.Parse(value.GetString()!, CultureInfo.InvariantCulture) * 100_000_000m);
}
