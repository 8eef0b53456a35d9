using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Units;
using Exchange.Edge.Errors;
using Exchange.Edge.Json;
using Exchange.Edge.Native.Orders;

namespace Exchange.Edge.Native.Accounts;

/// <summary>The fields that every movement of money has.</summary>
internal static class TransferBody
{
    /// <summary>The id that makes a repeat harmless.</summary>
    public static Problem? ReadId(in JsonFields fields, int field, out ClientKey key)
    {
        key = default;
        Span<byte> scratch = stackalloc byte[JsonFields.MaxText];
        if (fields.Text(field, scratch, out ReadOnlySpan<byte> text) is { } problem)
            return problem;
        if (!ClientIds.IsValid(text))
            return ClientIds.Refusal(fields.NameOf(field));
        key = ClientKey.From(text);
        return null;
    }

    /// <summary>An amount above zero, in 1e-8 USDT.</summary>
    public static Problem? ReadAmount(in JsonFields fields, int field, out long amountE8)
    {
        if (fields.AmountE8(field, out amountE8) is { } problem)
            return problem;
        return amountE8 is >= 1 and <= InstrumentLimits.MaxMoneyE8
            ? null
            : Problems.Field(ErrorCatalogue.AmountRange, fields.NameOf(field), limit: DecimalText.ToText(InstrumentLimits.MaxMoneyE8));
    }
}
