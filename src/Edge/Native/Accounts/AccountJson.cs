using System.Text.Json;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Units;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;
using Exchange.Edge.Native.Orders;

namespace Exchange.Edge.Native.Accounts;

/// <summary>Accounts and positions as the API tells them.</summary>
internal static class AccountJson
{
    public static readonly WireNames MarginModes = new("cross", "isolated");
    public static readonly WireNames PositionModes = new("one_way", "hedge");

    /// <summary>By <see cref="TradingState"/>.</summary>
    public static readonly WireNames States = new("trading", "reduce_only", "frozen");

    /// <summary>By <see cref="BalanceCause"/>.</summary>
    public static readonly WireNames BalanceCauses =
        new("other", "deposit", "withdrawal", "fill", "funding", "margin_transfer", "liquidation", "adl", "bad_debt", "settlement");

    public static readonly AnswerShape PositionShape = new("Position",
        new AnswerField("symbol", AnswerKind.Text, "What is held."),
        new AnswerField("positionSide", AnswerKind.Text, "both in one-way mode.", Values: OrderNames.PositionSides.All),
        new AnswerField("qty", AnswerKind.Decimal, "Negative: short."),
        new AnswerField("entryPrice", AnswerKind.Decimal, "Average, to 8 decimals.", IsOptional: true),
        new AnswerField("markPrice", AnswerKind.Decimal, "What it is valued at.", IsOptional: true),
        new AnswerField("notional", AnswerKind.Decimal, "At the mark price, in USDT."),
        new AnswerField("unrealisedPnl", AnswerKind.Decimal, "At the mark price."),
        new AnswerField("marginMode", AnswerKind.Text, "Whose margin stands behind it.", Values: MarginModes.All),
        new AnswerField("leverage", AnswerKind.Integer, "Of the symbol."),
        new AnswerField("isolatedMargin", AnswerKind.Decimal, "Its own margin, when isolated."),
        new AnswerField("maintenanceMargin", AnswerKind.Decimal, "What it must keep."),
        new AnswerField("liquidationPrice", AnswerKind.Decimal, "Mark price at which it is liquidated, if only it moves.", IsOptional: true),
        new AnswerField("adlQuintile", AnswerKind.Integer, "1 to 5; 5 is deleveraged first; 0: no position."));

    private static readonly AnswerShape SettingShape = new("SymbolSetting",
        new AnswerField("symbol", AnswerKind.Text, "Of which symbol."),
        new AnswerField("leverage", AnswerKind.Integer, "As set."),
        new AnswerField("marginMode", AnswerKind.Text, "As set.", Values: MarginModes.All),
        new AnswerField("reserved", AnswerKind.Decimal, "Margin held by open orders, beside what the position holds."));

    public static readonly AnswerShape AccountShape = new("Account",
        new AnswerField("accountId", AnswerKind.Text, "Its id."),
        new AnswerField("positionMode", AnswerKind.Text, "One net position a symbol, or a long and a short.", Values: PositionModes.All),
        new AnswerField("state", AnswerKind.Text, "What the operator lets it do.", Values: States.All),
        new AnswerField("isInLiquidation", AnswerKind.Flag, "It is being liquidated."),
        new AnswerField("walletBalance", AnswerKind.Decimal, "Money, in USDT."),
        new AnswerField("equity", AnswerKind.Decimal, "Wallet and unrealised profit."),
        new AnswerField("available", AnswerKind.Decimal, "For new orders."),
        new AnswerField("withdrawable", AnswerKind.Decimal, "Profit not realised cannot leave."),
        new AnswerField("maintenanceMargin", AnswerKind.Decimal, "Equity must stay above it."),
        new AnswerField("marginRatio", AnswerKind.Decimal, "Maintenance margin over equity; liquidation at 1; absent without equity.", IsOptional: true),
        new AnswerField("positions", AnswerKind.List, "Open ones.", Shape: PositionShape),
        new AnswerField("settings", AnswerKind.List, "Of symbols that are not at their defaults.", Shape: SettingShape));

    public static void WriteAccount(Utf8JsonWriter json, AccountView account, InstrumentTable instruments)
    {
        json.WriteStartObject();
        json.WriteId("accountId"u8, account.Account);
        json.WriteString("positionMode"u8, PositionModes.Of(account.Hedge ? 1 : 0));
        json.WriteString("state"u8, States.Of((int)account.State));
        json.WriteBoolean("isInLiquidation"u8, account.IsInLiquidation);
        json.WriteE8("walletBalance"u8, account.WalletE8);
        json.WriteE8("equity"u8, account.EquityE8);
        json.WriteE8("available"u8, account.AvailableE8);
        json.WriteE8("withdrawable"u8, account.WithdrawableE8);
        json.WriteE8("maintenanceMargin"u8, account.MaintenanceE8);
        if (account.EquityE8 > 0)
            json.WriteE8("marginRatio"u8, Rounding.CeilDiv128(account.MaintenanceE8 * Rounding.OneE8, account.EquityE8));
        WritePositions(json, account, instruments, -1);
        json.WriteStartArray("settings"u8);
        foreach (SymbolSettingView setting in account.Settings)
            WriteSetting(json, setting, instruments[setting.Symbol]);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The positions as an array named so.</summary>
    /// <param name="symbol">-1: all symbols.</param>
    public static void WritePositions(Utf8JsonWriter json, AccountView account, InstrumentTable instruments, int symbol)
    {
        json.WriteStartArray("positions"u8);
        foreach (PositionView position in account.Positions)
        {
            if (position.Lots != 0 && (symbol < 0 || position.Symbol == symbol))
                WritePosition(json, position, instruments[position.Symbol]);
        }

        json.WriteEndArray();
    }

    private static void WritePosition(Utf8JsonWriter json, PositionView position, Instrument instrument)
    {
        json.WriteStartObject();
        json.WriteString("symbol"u8, instrument.Symbol);
        json.WriteString("positionSide"u8, OrderNames.PositionSides.Of((int)position.PositionSide));
        json.WriteSteps("qty"u8, position.Lots, instrument.LotE8);
        if (position.Lots != 0)
            json.WriteE8("entryPrice"u8, EntryPriceE8(position, instrument));
        if (position.MarkTicks > 0)
            json.WriteSteps("markPrice"u8, position.MarkTicks, instrument.TickE8);
        json.WriteE8("notional"u8, instrument.WideNotionalE8(position.MarkTicks, Math.Abs(position.Lots)));
        json.WriteE8("unrealisedPnl"u8, position.UnrealisedE8);
        json.WriteString("marginMode"u8, MarginModes.Of((int)position.MarginMode));
        json.WriteNumber("leverage"u8, position.Leverage);
        json.WriteE8("isolatedMargin"u8, position.IsolatedE8);
        json.WriteE8("maintenanceMargin"u8, position.MaintenanceE8);
        if (position.LiquidationTicks is long liquidationTicks)
            json.WriteSteps("liquidationPrice"u8, liquidationTicks, instrument.TickE8);
        json.WriteNumber("adlQuintile"u8, position.AdlQuintile);
        json.WriteEndObject();
    }

    private static void WriteSetting(Utf8JsonWriter json, in SymbolSettingView setting, Instrument instrument)
    {
        json.WriteStartObject();
        json.WriteString("symbol"u8, instrument.Symbol);
        json.WriteNumber("leverage"u8, setting.Leverage);
        json.WriteString("marginMode"u8, MarginModes.Of((int)setting.MarginMode));
        json.WriteE8("reserved"u8, setting.ReservedE8);
        json.WriteEndObject();
    }

    /// <summary>Shown, never computed with: cost / (quantity * lot), half up to 8 decimals.</summary>
    public static long EntryPriceE8(PositionView position, Instrument instrument) =>
        EntryPriceE8(position.CostE8, position.Lots, instrument);

    /// <inheritdoc cref="EntryPriceE8(PositionView, Instrument)"/>
    public static long EntryPriceE8(long costE8, long lots, Instrument instrument) =>
        Rounding.HalfUpDiv((Int128)costE8 * Rounding.OneE8, (Int128)Math.Abs(lots) * instrument.LotE8);
}
