using System.Text;
using Exchange.Edge.Errors;
using Exchange.Edge.Json;
using Exchange.Edge.Native.Orders;
using PlaceOrder = Exchange.Protos.PlaceOrder;

namespace Exchange.Edge.Native.Streams.Protobuf;

/// <summary>The body of a message as the fields of the HTTP body's shape; field n there is number n + 1 here.</summary>
internal interface IProtobufBody
{
    static abstract BodyShape Shape { get; }

    /// <summary>A text field; null: absent.</summary>
    string? Text(int field);

    /// <summary>An enum's number; 0: absent, n: the shape's name n - 1.</summary>
    int Name(int field);

    /// <summary>A flag; null: absent.</summary>
    bool? Flag(int field);

    /// <summary>A whole number; null: absent.</summary>
    ulong? Integer(int field);
}

/// <summary>Reads a Protobuf body by the rules of the JSON one.</summary>
internal readonly struct BodyFields<TBody>(TBody body) : IBodyFields
    where TBody : struct, IProtobufBody
{
    /// <summary>What the shape requires and is not there; null: it is complete.</summary>
    public Problem? Missing()
    {
        for (int field = 0; field < TBody.Shape.Fields.Length; field++)
        {
            if (TBody.Shape.Fields[field].IsRequired && !Has(field))
                return Problems.Missing(NameOf(field));
        }

        return null;
    }

    public bool Has(int field) => TBody.Shape.Fields[field].Kind switch
    {
        FieldKind.Flag => body.Flag(field) is not null,
        FieldKind.Integer => body.Integer(field) is not null,
        _ => body.Name(field) != 0 || body.Text(field) is not null,
    };

    public Problem? CopyText(int field, scoped Span<byte> text, out int length)
    {
        string value = body.Text(field)!;
        if (!Encoding.UTF8.TryGetBytes(value, text, out length))
        {
            text[0] = 0;
            length = 1;
        }

        return null;
    }

    public Problem? Price(int field, long tickE8, out long ticks)
    {
        Span<byte> text = stackalloc byte[IBodyFields.MaxText];
        CopyText(field, text, out int length);
        return DecimalValues.Price(NameOf(field), text[..length], tickE8, out ticks);
    }

    public Problem? Quantity(int field, long lotE8, out long lots)
    {
        Span<byte> text = stackalloc byte[IBodyFields.MaxText];
        CopyText(field, text, out int length);
        return DecimalValues.Quantity(NameOf(field), text[..length], lotE8, out lots);
    }

    public Problem? AmountE8(int field, out long valueE8)
    {
        Span<byte> text = stackalloc byte[IBodyFields.MaxText];
        CopyText(field, text, out int length);
        return DecimalValues.AmountE8(NameOf(field), text[..length], out valueE8);
    }

    public Problem? Integer(int field, long largest, out long value)
    {
        ulong given = body.Integer(field)!.Value;
        value = (long)Math.Min(given, (ulong)largest);
        return given <= (ulong)largest ? null : Problems.BadInteger(NameOf(field), largest);
    }

    public Problem? Flag(int field, out bool value)
    {
        value = body.Flag(field) ?? false;
        return null;
    }

    public Problem? Name(int field, WireNames names, int absent, out int value)
    {
        int number = body.Name(field);
        value = number == 0 ? absent : number - 1;
        return number >= 0 && number <= names.All.Count
            ? null
            : Problems.Field(ErrorCatalogue.BadValue, NameOf(field), $"{NameOf(field)} must be one of {names.Listed}.", names.Listed);
    }

    private static string NameOf(int field) => TBody.Shape.Fields[field].Name;
}

internal readonly struct PlaceBody(PlaceOrder order) : IProtobufBody
{
    public static BodyShape Shape => PlaceOrderBody.Shape;

    public string? Text(int field) => (field + 1) switch
    {
        PlaceOrder.SymbolFieldNumber => order.HasSymbol ? order.Symbol : null,
        PlaceOrder.QtyFieldNumber => order.HasQty ? order.Qty : null,
        PlaceOrder.PriceFieldNumber => order.HasPrice ? order.Price : null,
        PlaceOrder.ClientOrderIdFieldNumber => order.HasClientOrderId ? order.ClientOrderId : null,
        PlaceOrder.StopPriceFieldNumber => order.HasStopPrice ? order.StopPrice : null,
        PlaceOrder.ActivationPriceFieldNumber => order.HasActivationPrice ? order.ActivationPrice : null,
        PlaceOrder.CallbackRateFieldNumber => order.HasCallbackRate ? order.CallbackRate : null,
        _ => null,
    };

    public int Name(int field) => (field + 1) switch
    {
        PlaceOrder.SideFieldNumber => (int)order.Side,
        PlaceOrder.TypeFieldNumber => (int)order.Type,
        PlaceOrder.TimeInForceFieldNumber => (int)order.TimeInForce,
        PlaceOrder.PositionSideFieldNumber => (int)order.PositionSide,
        PlaceOrder.SelfTradePreventionFieldNumber => (int)order.SelfTradePrevention,
        PlaceOrder.WorkingTypeFieldNumber => (int)order.WorkingType,
        _ => 0,
    };

    public bool? Flag(int field) => (field + 1) switch
    {
        PlaceOrder.ReduceOnlyFieldNumber when order.HasReduceOnly => order.ReduceOnly,
        PlaceOrder.PriceProtectFieldNumber when order.HasPriceProtect => order.PriceProtect,
        PlaceOrder.ClosePositionFieldNumber when order.HasClosePosition => order.ClosePosition,
        _ => null,
    };

    public ulong? Integer(int field) => field + 1 == PlaceOrder.GtdMsFieldNumber && order.HasGtdMs ? order.GtdMs : null;
}

internal readonly struct AmendBody(Exchange.Protos.AmendOrder amend) : IProtobufBody
{
    public static BodyShape Shape => AmendOrderBody.Shape;

    public string? Text(int field) => field switch
    {
        AmendOrderBody.Price => amend.HasPrice ? amend.Price : null,
        _ => amend.HasQty ? amend.Qty : null,
    };

    public int Name(int field) => 0;

    public bool? Flag(int field) => null;

    public ulong? Integer(int field) => null;
}
