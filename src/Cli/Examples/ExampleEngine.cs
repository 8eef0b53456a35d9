using System.Text.Json;
using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Cli.Examples;

/// <summary>An engine with the symbols and accounts of one example, and the way from an example's texts to commands.</summary>
/// <remarks>
/// Symbols are listed, and accounts numbered, by the bytes of their names, so that every order by id is the example's order by name.
/// </remarks>
public sealed class ExampleEngine
{
    private readonly Dictionary<string, int> _symbols = new(StringComparer.Ordinal);
    private readonly Dictionary<string, uint> _accounts = new(StringComparer.Ordinal);
    private readonly List<string> _accountNames = [""];
    private readonly EngineOutput _output = new();
    private long _timeMs;

    public ExampleEngine(JsonElement example, JsonElement specs)
    {
        var symbols = example.GetProperty("symbols").EnumerateArray().Select(symbol => symbol.GetString()!).ToList();
        symbols.Sort(StringComparer.Ordinal);
        foreach (string symbol in symbols)
        {
            Instrument instrument = Parse(_symbols.Count, specs.GetProperty(symbol), HighestNamed(example, symbol));
            _symbols.Add(symbol, instrument.SymbolId);
            Engine.Apply(new Command { Kind = CommandKind.ListInstrument }, 0, _output, instrument);
        }

        var accounts = example.GetProperty("steps").EnumerateArray()
            .Where(step => step.TryGetProperty("account", out _))
            .Select(step => step.GetProperty("account").GetString()!)
            .ToHashSet(StringComparer.Ordinal).ToList();
        accounts.Sort(StringComparer.Ordinal);
        foreach (string account in accounts)
        {
            _accounts.Add(account, (uint)_accountNames.Count);
            _accountNames.Add(account);
            Engine.Apply(new Command { Kind = CommandKind.CreateAccount, Account = _accounts[account] }, 0, _output);
        }

        long insuranceE8 = Money(example.GetProperty("insurance").GetString()!);
        if (insuranceE8 != 0)
            Engine.Apply(new Command { Kind = CommandKind.SeedInsurance, Amount = insuranceE8 }, 0, _output);
    }

    public Engine Engine { get; } = new();

    public EngineOutput Output => _output;

    public IReadOnlyDictionary<string, int> Symbols => _symbols;

    public IReadOnlyDictionary<string, uint> Accounts => _accounts;

    public string AccountName(uint account) => _accountNames[(int)account];

    public Instrument Instrument(int symbol) => Engine.Market[symbol].Instrument;

    /// <summary>Carries out a step; its events are in <see cref="Output"/>.</summary>
    public void Step(JsonElement step)
    {
        if (step.TryGetProperty("t", out JsonElement time))
            _timeMs = time.GetInt64();
        Command command = ToCommand(step);
        Engine.Apply(in command, _timeMs, _output);
    }

    public static long Money(string text)
    {
        bool isNegative = text.StartsWith('-');
        return (isNegative ? -1 : 1) * Scaled(isNegative ? text[1..] : text, 1);
    }

    private Command ToCommand(JsonElement step)
    {
        string operation = step.GetProperty("op").GetString()!;
        var command = new Command { Symbol = -1 };
        if (step.TryGetProperty("account", out JsonElement account))
            command.Account = _accounts[account.GetString()!];
        if (step.TryGetProperty("symbol", out JsonElement symbol))
            command.Symbol = _symbols[symbol.GetString()!];
        switch (operation)
        {
            case "deposit" or "withdraw":
                command.Kind = operation == "deposit" ? CommandKind.Deposit : CommandKind.Withdraw;
                command.Amount = Money(Text(step, "amount")!);
                break;
            case "mark":
                command.Kind = CommandKind.SetMark;
                command.PriceTicks = Ticks(command.Symbol, Text(step, "price")!);
                break;
            case "funding":
                command.Kind = CommandKind.SettleFunding;
                command.Amount = Money(Text(step, "rate")!);
                break;
            case "place": Place(step, ref command); break;
            case "amend": Amend(step, ref command); break;
            case "cancel":
                command.Kind = CommandKind.Cancel;
                command.OrderId = step.GetProperty("id").GetUInt64();
                break;
            case "cancelAll": command.Kind = CommandKind.CancelAll; break;
            case "countdown":
                command.Kind = CommandKind.Countdown;
                command.Amount = step.GetProperty("ms").GetInt64();
                break;
            case "time": command.Kind = CommandKind.Time; break;
            default: Setting(operation, step, ref command); break;
        }

        return command;
    }

    private static void Setting(string operation, JsonElement step, ref Command command)
    {
        switch (operation)
        {
            case "leverage":
                command.Kind = CommandKind.SetLeverage;
                command.Leverage = step.GetProperty("leverage").GetInt32();
                break;
            case "marginMode":
                command.Kind = CommandKind.SetMarginMode;
                command.MarginMode = Text(step, "mode") == "ISOLATED" ? MarginMode.Isolated : MarginMode.Cross;
                break;
            case "positionMode":
                command.Kind = CommandKind.SetPositionMode;
                command.Hedge = step.GetProperty("hedge").GetBoolean();
                break;
            case "adjustMargin":
                command.Kind = CommandKind.AdjustMargin;
                command.PositionSide = Named<PositionSide>(step, "positionSide");
                command.Amount = Money(Text(step, "amount")!);
                break;
            default:
                throw new InvalidDataException($"Unknown operation {operation}.");
        }
    }

    private void Place(JsonElement step, ref Command command)
    {
        command.Kind = CommandKind.Place;
        ref OrderTerms terms = ref command.Terms;
        terms.Symbol = command.Symbol;
        terms.Side = Named<Side>(step, "side");
        terms.Type = Named<OrderType>(step, "type");
        terms.TimeInForce = Text(step, "tif") is null && terms.Type.IsMarketType() ? TimeInForce.Ioc : Named<TimeInForce>(step, "tif");
        terms.Stp = Named<SelfTradePrevention>(step, "stp");
        terms.PositionSide = Named<PositionSide>(step, "positionSide");
        terms.PriceTicks = Price(step, "price", OrderFields.Price, ref terms);
        terms.StopTicks = Price(step, "stopPrice", OrderFields.Stop, ref terms);
        terms.ActivationTicks = Price(step, "activationPrice", OrderFields.Activation, ref terms);
        if (Text(step, "qty") is { } lots)
        {
            terms.Fields |= OrderFields.Lots;
            terms.Lots = Scaled(lots, Instrument(terms.Symbol).LotE8);
        }

        if (Text(step, "callbackRate") is { } callback)
        {
            terms.Fields |= OrderFields.Callback;
            terms.CallbackRateE8 = (int)Money(callback);
        }

        if (step.TryGetProperty("gtd", out JsonElement gtd))
        {
            terms.Fields |= OrderFields.Gtd;
            terms.GtdMs = gtd.GetInt64();
        }

        if (Text(step, "clientId") is { } clientId)
            terms.ClientKey = ClientKey.From(System.Text.Encoding.ASCII.GetBytes(clientId));
        terms.Flags = (Is(step, "reduceOnly") ? OrderFlags.ReduceOnly : 0)
            | (Is(step, "closePosition") ? OrderFlags.ClosePosition : 0)
            | (Is(step, "priceProtect") ? OrderFlags.PriceProtect : 0)
            | (Text(step, "workingType") == "MARK" ? OrderFlags.WorkingMark : 0);
    }

    private void Amend(JsonElement step, ref Command command)
    {
        command.Kind = CommandKind.Amend;
        command.OrderId = step.GetProperty("id").GetUInt64();
        int symbol = command.Symbol >= 0 ? command.Symbol : SymbolOf(command.OrderId, _symbols.Values.Min());
        if (Text(step, "price") is { } price)
        {
            command.Fields |= OrderFields.Price;
            command.PriceTicks = Ticks(symbol, price);
        }

        if (Text(step, "qty") is { } lots)
        {
            command.Fields |= OrderFields.Lots;
            command.Lots = Scaled(lots, Instrument(symbol).LotE8);
        }
    }

    private int SymbolOf(ulong orderId, int otherwise)
    {
        foreach (Core.Books.OrderBook book in Engine.Books)
        {
            if (book.TryGetOrder(orderId, out _, out _))
                return book.Instrument.SymbolId;
        }

        return otherwise;
    }

    private long Price(JsonElement step, string name, OrderFields field, ref OrderTerms terms)
    {
        if (Text(step, name) is not { } text)
            return 0;
        terms.Fields |= field;
        return Ticks(terms.Symbol, text);
    }

    private long Ticks(int symbol, string text) => Scaled(text, Instrument(symbol).TickE8);

    /// <summary>
    /// Examples without maxPrice mean 10^12 ticks, and without maxPosition 10^12 lots; the listing rule allows no instrument both.
    /// Far above all prices of the example does as well, but where it names prices near 10^12 itself.
    /// </summary>
    private static long HighestPrice(long tickE8, long lotE8, long maxPosition, Int128 highestE8)
    {
        long unitE8 = (long)((Int128)tickE8 * lotE8 / 100_000_000);
        long allowed = maxPosition == 0 ? InstrumentLimits.MaxPriceTicks : InstrumentLimits.MaxMoneyE8 / unitE8 / maxPosition;
        return (long)Int128.Min(Math.Min(allowed, InstrumentLimits.MaxPriceTicks), Int128.Max(1, highestE8 / tickE8 * 1_000));
    }

    private static Int128 HighestNamed(JsonElement example, string symbol)
    {
        Int128 highest = 0;
        foreach (JsonElement step in example.GetProperty("steps").EnumerateArray())
        {
            if (Text(step, "symbol") is { } other && other != symbol)
                continue;
            foreach (string name in new[] { "price", "stopPrice", "activationPrice" })
            {
                if (Text(step, name) is { } price)
                    highest = Int128.Max(highest, ScaledWide(price));
            }
        }

        return highest;
    }

    internal static Instrument Parse(int symbolId, JsonElement spec, Int128 highestE8)
    {
        long tickE8 = Money(Text(spec, "tick")!);
        long lotE8 = Money(Text(spec, "lot")!);
        long maxPosition = Text(spec, "maxPosition") is { } most ? Scaled(most, lotE8) : 0;
        InstrumentError error = Core.Instruments.Instrument.Create(
            symbolId,
            new InstrumentSettings
            {
                Symbol = Text(spec, "symbol")!,
                TickE8 = tickE8,
                LotE8 = lotE8,
                MakerRateE8 = Money(Text(spec, "maker")!),
                TakerRateE8 = Money(Text(spec, "taker")!),
                LiquidationFeeRateE8 = Money(Text(spec, "liquidationFee")!),
                BandUpE8 = Money(Text(spec, "bandUp")!),
                BandDownE8 = Money(Text(spec, "bandDown")!),
                MarketBoundE8 = Money(Text(spec, "marketBound")!),
                MinLots = Scaled(Text(spec, "minQty")!, lotE8),
                MaxLots = Scaled(Text(spec, "maxQty")!, lotE8),
                MinNotionalE8 = Money(Text(spec, "minNotional")!),
                MaxPriceTicks = Text(spec, "maxPrice") is { } maxPrice ? Scaled(maxPrice, tickE8) : HighestPrice(tickE8, lotE8, maxPosition, highestE8),
                MaxPositionLots = maxPosition,
                MaxOrders = spec.TryGetProperty("maxOrders", out JsonElement orders) ? orders.GetInt32() : InstrumentLimits.DefaultMaxOrders,
                TriggerProtectE8 = Text(spec, "triggerProtect") is { } protect ? Money(protect) : 0,
                Brackets = [.. spec.GetProperty("brackets").EnumerateArray().Select(bracket => new BracketSettings(
                    Money(Text(bracket, "cap")!), bracket.GetProperty("maxLeverage").GetInt32(), Money(Text(bracket, "mmr")!)))],
            },
            out Instrument? instrument);
        return instrument ?? throw new InvalidDataException($"{Text(spec, "symbol")} cannot be listed: {error}.");
    }

    /// <summary>A decimal text in units of <paramref name="unitE8"/> (1: plain 1e-8).</summary>
    private static long Scaled(string text, long unitE8)
    {
        Int128 valueE8 = ScaledWide(text);
        if (valueE8 % unitE8 != 0)
            throw new InvalidDataException($"{text} is no multiple of the unit.");
        return (long)(valueE8 / unitE8);
    }

    private static Int128 ScaledWide(string text)
    {
        int dot = text.IndexOf('.', StringComparison.Ordinal);
        string whole = dot < 0 ? text : text[..dot];
        string part = (dot < 0 ? "" : text[(dot + 1)..]).PadRight(8, '0');
        if (part.Length > 8)
            throw new InvalidDataException($"{text} has more than 8 decimals.");
        return Int128.Parse(whole + part, System.Globalization.CultureInfo.InvariantCulture);
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static bool Is(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.True;

    /// <summary>A value named as the examples do: BUY, STOP_MARKET, EXPIRE_MAKER; absent: the first.</summary>
    private static T Named<T>(JsonElement element, string name)
        where T : struct, Enum =>
        Text(element, name) is { } text ? Enum.Parse<T>(text.Replace("_", "", StringComparison.Ordinal), ignoreCase: true) : default;
}
