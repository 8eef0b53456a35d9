using Exchange.Core;
using Exchange.Core.Accounts;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Embedded;

/// <summary>An account as its owner sees it, read from the machines between two inputs.</summary>
internal static class AccountReader
{
    public static AccountView? Read(Engine engine, uint id)
    {
        if (engine.Account(id) is not { } account)
            return null;
        MarketTable market = engine.Market;
        var positions = new List<PositionView>();
        var settings = new SymbolSettingView[account.SymbolCount];
        for (int i = 0; i < account.SymbolCount; i++)
        {
            int symbol = account.SymbolAt(i);
            settings[i] = new SymbolSettingView(
                symbol, account.LeverageOf(symbol), account.MarginModeOf(symbol), account.ReservedE8(symbol, market));
            for (int leg = 0; leg < 2; leg++)
            {
                if (account.PositionOf(symbol, leg).Lots != 0)
                    positions.Add(Position(engine, account, symbol, leg));
            }
        }

        return new AccountView(
            id, account.IsHedge, account.State, account.IsInLiquidation, account.WalletE8, account.CrossEquityE8(market), account.AvailableE8(market),
            account.WithdrawableE8(market), account.CrossMaintenanceE8(market), [.. positions], settings);
    }

    private static PositionView Position(Engine engine, MarginAccount account, int symbol, int leg)
    {
        MarketTable market = engine.Market;
        PositionLeg position = account.PositionOf(symbol, leg);
        PositionSide side = !account.IsHedge ? PositionSide.Both : leg == 0 ? PositionSide.Long : PositionSide.Short;
        return new PositionView(
            symbol, side, position.Lots, position.CostE8, market[symbol].MarkTicks, account.UnrealisedE8(symbol, leg, market),
            account.MarginModeOf(symbol), account.LeverageOf(symbol), position.IsolatedE8, account.MaintenanceE8(symbol, leg, market),
            account.LiquidationTicks(symbol, leg, market), engine.Books[symbol].AdlQuintile(account.Id, leg));
    }
}
