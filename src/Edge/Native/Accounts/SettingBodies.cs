using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Edge.Errors;
using Exchange.Edge.Json;
using Exchange.Edge.Native.Orders;

namespace Exchange.Edge.Native.Accounts;

/// <summary>The bodies of settings and margin changes, read into commands.</summary>
internal static class SettingBodies
{
    private static readonly WireNames MarginActions = new("add", "remove");

    public static readonly BodyShape Leverage = new("SetLeverage",
        new BodyField("leverage", FieldKind.Integer, $"1 to {InstrumentLimits.MaxLeverage}, and what the bracket allows.", IsRequired: true));

    public static readonly BodyShape MarginMode = new("SetMarginMode",
        new BodyField("marginMode", FieldKind.Text, "cross or isolated.", IsRequired: true, AccountJson.MarginModes.All));

    public static readonly BodyShape PositionMode = new("SetPositionMode",
        new BodyField("positionMode", FieldKind.Text, "one_way or hedge.", IsRequired: true, AccountJson.PositionModes.All));

    public static readonly BodyShape Margin = new("AdjustMargin",
        new BodyField("transferId", FieldKind.Text, $"Your id, {ClientIds.Grammar} A repeat changes nothing.", IsRequired: true),
        new BodyField("action", FieldKind.Text, "add or remove.", IsRequired: true, MarginActions.All),
        new BodyField("amount", FieldKind.Decimal, "In USDT.", IsRequired: true),
        new BodyField("positionSide", FieldKind.Text, "both in one-way mode (when absent), long or short in hedge mode.", Values: OrderNames.PositionSides.All));

    public static Problem? ReadLeverage(ReadOnlySpan<byte> json, ref Command command)
    {
        command.Kind = CommandKind.SetLeverage;
        Span<FieldToken> tokens = stackalloc FieldToken[BodyShape.MostFields];
        if (JsonFields.Read(json, Leverage, tokens, out JsonFields fields) is { } malformed)
            return malformed;
        if (fields.Integer(0, long.MaxValue, out long leverage) is { } problem)
            return problem;
        if (leverage is < 1 or > InstrumentLimits.MaxLeverage)
            return Problems.Field(ErrorCatalogue.LeverageRange, "leverage", limit: $"{InstrumentLimits.MaxLeverage}");
        command.Leverage = (int)leverage;
        return null;
    }

    public static Problem? ReadMarginMode(ReadOnlySpan<byte> json, ref Command command)
    {
        command.Kind = CommandKind.SetMarginMode;
        Problem? problem = ReadName(json, MarginMode, AccountJson.MarginModes, out int mode);
        command.MarginMode = (MarginMode)mode;
        return problem;
    }

    public static Problem? ReadPositionMode(ReadOnlySpan<byte> json, ref Command command)
    {
        command.Kind = CommandKind.SetPositionMode;
        Problem? problem = ReadName(json, PositionMode, AccountJson.PositionModes, out int mode);
        command.Hedge = mode == 1;
        return problem;
    }

    public static Problem? ReadMargin(ReadOnlySpan<byte> json, ref Command command)
    {
        command.Kind = CommandKind.AdjustMargin;
        Span<FieldToken> tokens = stackalloc FieldToken[BodyShape.MostFields];
        if (JsonFields.Read(json, Margin, tokens, out JsonFields fields) is { } malformed)
            return malformed;
        if (TransferBody.ReadId(fields, 0, out command.Key) is { } badId)
            return badId;
        if (fields.Name(1, MarginActions, 0, out int action) is { } badAction)
            return badAction;
        if (TransferBody.ReadAmount(fields, 2, out long amountE8) is { } badAmount)
            return badAmount;
        if (fields.Name(3, OrderNames.PositionSides, 0, out int side) is { } badSide)
            return badSide;
        command.Amount = action == 0 ? amountE8 : -amountE8;
        command.PositionSide = (PositionSide)side;
        return null;
    }

    private static Problem? ReadName(ReadOnlySpan<byte> json, BodyShape shape, WireNames names, out int value)
    {
        value = 0;
        Span<FieldToken> tokens = stackalloc FieldToken[BodyShape.MostFields];
        return JsonFields.Read(json, shape, tokens, out JsonFields fields) ?? fields.Name(0, names, 0, out value);
    }
}
