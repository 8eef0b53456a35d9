using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Edge.Errors;
using Exchange.Edge.Json;

namespace Exchange.Edge.Native.Orders;

/// <summary>The body of an amend: what is to change.</summary>
internal static class AmendOrderBody
{
    public const int Price = 0;
    public const int Qty = 1;

    public static readonly BodyShape Shape = new("AmendOrder",
        new BodyField("price", FieldKind.Decimal, "New limit price; unchanged when absent."),
        new BodyField("qty", FieldKind.Decimal, "New total quantity, filled included; unchanged when absent."));

    /// <summary>Reads a whole body.</summary>
    public static Problem? Read(ReadOnlySpan<byte> json, Instrument instrument, out Command command)
    {
        Span<FieldToken> tokens = stackalloc FieldToken[BodyShape.MostFields];
        command = default;
        return JsonFields.Read(json, Shape, tokens, out JsonFields fields) ?? Read(fields, instrument, out command);
    }

    /// <summary>Reads a body that lies in a message.</summary>
    public static Problem? ReadItem(ReadOnlySpan<byte> json, int depth, Instrument instrument, out Command command)
    {
        Span<FieldToken> tokens = stackalloc FieldToken[BodyShape.MostFields];
        command = default;
        return JsonFields.ReadObject(json, Shape, tokens, depth, out JsonFields fields) ?? Read(fields, instrument, out command);
    }

    /// <summary>Reads what is to change.</summary>
    public static Problem? Read<TFields>(in TFields fields, Instrument instrument, out Command command)
        where TFields : IBodyFields, allows ref struct
    {
        command = new Command { Kind = CommandKind.Amend };
        if (fields.Has(Price))
        {
            command.Fields |= OrderFields.Price;
            if (fields.Price(Price, instrument.TickE8, out command.PriceTicks) is { } problem)
                return problem;
        }

        if (fields.Has(Qty))
        {
            command.Fields |= OrderFields.Lots;
            if (fields.Quantity(Qty, instrument.LotE8, out command.Lots) is { } problem)
                return problem;
        }

        return command.Fields == OrderFields.None
            ? Problems.Field(ErrorCatalogue.MissingField, "price", "Give price, qty or both.")
            : null;
    }
}
