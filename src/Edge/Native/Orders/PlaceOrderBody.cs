using System.Runtime.CompilerServices;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Units;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;

namespace Exchange.Edge.Native.Orders;

/// <summary>The body of a place: JSON straight into a <see cref="Command"/>, without text in between.</summary>
internal sealed class PlaceOrderBody(InstrumentTable instruments, ClientIds clientIds)
{
    private const int Symbol = 0;
    private const int Side = 1;
    private const int Type = 2;
    private const int Qty = 3;
    private const int Price = 4;
    private const int TimeInForce = 5;
    private const int ClientOrderIdField = 6;
    private const int ReduceOnly = 7;
    private const int PositionSide = 8;
    private const int SelfTradePrevention = 9;
    private const int StopPrice = 10;
    private const int WorkingType = 11;
    private const int PriceProtect = 12;
    private const int ClosePosition = 13;
    private const int ActivationPrice = 14;
    private const int CallbackRate = 15;
    private const int GtdMs = 16;

    public static readonly BodyShape Shape = new("PlaceOrder",
        new BodyField("symbol", FieldKind.Text, "What to trade.", IsRequired: true),
        new BodyField("side", FieldKind.Text, "buy or sell.", IsRequired: true, OrderNames.Sides.All),
        new BodyField("type", FieldKind.Text, "How it is executed.", IsRequired: true, OrderNames.Types.All),
        new BodyField("qty", FieldKind.Decimal, "Quantity of the base asset, a multiple of the lot; absent exactly with closePosition."),
        new BodyField("price", FieldKind.Decimal, "Limit price, a multiple of the tick; exactly for limit, stop_limit and take_profit."),
        new BodyField("timeInForce", FieldKind.Text, "gtc when absent; gtx is post-only.", Values: OrderNames.TimesInForce.All),
        new BodyField("clientOrderId", FieldKind.Text, $"Your own id, {ClientIds.Grammar} A repeat with the same content answers the first order."),
        new BodyField("reduceOnly", FieldKind.Flag, "Only ever makes a position smaller."),
        new BodyField("positionSide", FieldKind.Text, "both in one-way mode (when absent), long or short in hedge mode.", Values: OrderNames.PositionSides.All),
        new BodyField("selfTradePrevention", FieldKind.Text, "Which order gives way to one's own; expire_maker when absent.", Values: OrderNames.SelfTradePrevention.All),
        new BodyField("stopPrice", FieldKind.Decimal, "Price that triggers it; exactly for the four stop and take-profit types."),
        new BodyField("workingType", FieldKind.Text, "Which price triggers it; last when absent.", Values: OrderNames.WorkingTypes.All),
        new BodyField("priceProtect", FieldKind.Flag, "Does not trigger while mark and last are far apart."),
        new BodyField("closePosition", FieldKind.Flag, "Closes the whole position when triggered; with stop_market and take_profit_market."),
        new BodyField("activationPrice", FieldKind.Decimal, "Where a trailing stop begins to trail; at once when absent."),
        new BodyField("callbackRate", FieldKind.Decimal, "How far a trailing stop trails: 0.01 is one percent; 0.001 to 0.1."),
        new BodyField("gtdMs", FieldKind.Integer, "Expires at this time, Unix milliseconds; exactly with gtd."));

    /// <summary>Reads a whole body.</summary>
    [SkipLocalsInit]
    public Problem? Read(ReadOnlySpan<byte> json, uint account, out Command command, out Instrument instrument)
    {
        Span<FieldToken> tokens = stackalloc FieldToken[BodyShape.MostFields];
        command = default;
        instrument = null!;
        return JsonFields.Read(json, Shape, tokens, out JsonFields fields) ?? Read(fields, account, out command, out instrument);
    }

    /// <summary>Reads an order that lies in a batch or a message.</summary>
    [SkipLocalsInit]
    public Problem? ReadItem(ReadOnlySpan<byte> json, int depth, uint account, out Command command, out Instrument instrument)
    {
        Span<FieldToken> tokens = stackalloc FieldToken[BodyShape.MostFields];
        command = default;
        instrument = null!;
        return JsonFields.ReadObject(json, Shape, tokens, depth, out JsonFields fields) ?? Read(fields, account, out command, out instrument);
    }

    /// <summary>Reads an order's fields, which are complete as its shape requires.</summary>
    public Problem? Read<TFields>(in TFields fields, uint account, out Command command, out Instrument instrument)
        where TFields : IBodyFields, allows ref struct
    {
        command = default;
        instrument = null!;
        Span<byte> symbol = stackalloc byte[IBodyFields.MaxText];
        Problem? problem = fields.CopyText(Symbol, symbol, out int length)
            ?? instruments.Find(symbol[..length], "symbol", out instrument);
        if (problem is not null)
            return problem;

        command.Kind = CommandKind.Place;
        command.Account = account;
        command.Symbol = instrument.SymbolId;
        ref OrderTerms terms = ref command.Terms;
        terms.Symbol = instrument.SymbolId;
        return ReadNames(fields, ref terms)
            ?? ReadFlags(fields, ref terms)
            ?? ReadPrices(fields, instrument, ref terms)
            ?? ReadConditions(fields, ref terms)
            ?? ReadClientId(fields, ref command);
    }

    private static Problem? ReadNames<TFields>(in TFields fields, ref OrderTerms terms)
        where TFields : IBodyFields, allows ref struct
    {
        if (fields.Name(Side, OrderNames.Sides, 0, out int side) is { } sideProblem)
            return sideProblem;
        if (fields.Name(Type, OrderNames.Types, 0, out int type) is { } typeProblem)
            return typeProblem;
        if (fields.Name(TimeInForce, OrderNames.TimesInForce, 0, out int timeInForce) is { } timeProblem)
            return timeProblem;
        if (fields.Name(SelfTradePrevention, OrderNames.SelfTradePrevention, 0, out int prevention) is { } preventionProblem)
            return preventionProblem;
        if (fields.Name(PositionSide, OrderNames.PositionSides, 0, out int positionSide) is { } positionProblem)
            return positionProblem;
        if (fields.Name(WorkingType, OrderNames.WorkingTypes, 0, out int workingType) is { } workingProblem)
            return workingProblem;

        terms.Side = (Side)side;
        terms.Type = (OrderType)type;
        terms.TimeInForce = (TimeInForce)timeInForce;
        terms.Stp = (SelfTradePrevention)prevention;
        terms.PositionSide = (PositionSide)positionSide;
        if (workingType == 1)
            terms.Flags |= OrderFlags.WorkingMark;
        return null;
    }

    private static Problem? ReadFlags<TFields>(in TFields fields, ref OrderTerms terms)
        where TFields : IBodyFields, allows ref struct =>
        ReadFlag(fields, ReduceOnly, OrderFlags.ReduceOnly, ref terms)
        ?? ReadFlag(fields, ClosePosition, OrderFlags.ClosePosition, ref terms)
        ?? ReadFlag(fields, PriceProtect, OrderFlags.PriceProtect, ref terms);

    private static Problem? ReadFlag<TFields>(in TFields fields, int field, OrderFlags flag, ref OrderTerms terms)
        where TFields : IBodyFields, allows ref struct
    {
        Problem? problem = fields.Flag(field, out bool isSet);
        if (isSet)
            terms.Flags |= flag;
        return problem;
    }

    private static Problem? ReadPrices<TFields>(in TFields fields, Instrument instrument, ref OrderTerms terms)
        where TFields : IBodyFields, allows ref struct
    {
        if (fields.Has(Qty))
        {
            terms.Fields |= OrderFields.Lots;
            if (fields.Quantity(Qty, instrument.LotE8, out terms.Lots) is { } problem)
                return problem;
        }

        return ReadPrice(fields, Price, OrderFields.Price, instrument, ref terms, ref terms.PriceTicks)
            ?? ReadPrice(fields, StopPrice, OrderFields.Stop, instrument, ref terms, ref terms.StopTicks)
            ?? ReadPrice(fields, ActivationPrice, OrderFields.Activation, instrument, ref terms, ref terms.ActivationTicks);
    }

    private static Problem? ReadPrice<TFields>(
        in TFields fields, int field, OrderFields given, Instrument instrument, ref OrderTerms terms, ref long ticks)
        where TFields : IBodyFields, allows ref struct
    {
        if (!fields.Has(field))
            return null;
        terms.Fields |= given;
        return fields.Price(field, instrument.TickE8, out ticks);
    }

    private static Problem? ReadConditions<TFields>(in TFields fields, ref OrderTerms terms)
        where TFields : IBodyFields, allows ref struct
    {
        if (fields.Has(CallbackRate))
        {
            terms.Fields |= OrderFields.Callback;
            if (fields.AmountE8(CallbackRate, out long rateE8) is { } problem)
                return problem;
            if (rateE8 > Rounding.OneE8)
                return Problems.Field(ErrorCatalogue.BadCallbackRate, "callbackRate");
            terms.CallbackRateE8 = (int)rateE8;
        }

        if (!fields.Has(GtdMs))
            return null;
        terms.Fields |= OrderFields.Gtd;
        return fields.Integer(GtdMs, WireLimits.LatestMs, out terms.GtdMs);
    }

    private Problem? ReadClientId<TFields>(in TFields fields, ref Command command)
        where TFields : IBodyFields, allows ref struct
    {
        if (!fields.Has(ClientOrderIdField))
        {
            command.ClientId = clientIds.Make();
            command.Terms.ClientKey = ClientIds.KeyOf(command.ClientId);
            return null;
        }

        Span<byte> scratch = stackalloc byte[IBodyFields.MaxText];
        if (fields.CopyText(ClientOrderIdField, scratch, out int length) is { } problem)
            return problem;
        ReadOnlySpan<byte> text = scratch[..length];
        if (!ClientIds.IsValid(text))
            return ClientIds.Refusal("clientOrderId");
        command.ClientId = ClientOrderId.From(text);
        command.Terms.ClientKey = ClientKey.From(text);
        command.Terms.Flags |= OrderFlags.ReturnRepeats;
        return null;
    }
}
