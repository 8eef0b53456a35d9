using Exchange.Core.Accounts;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core.Views;

/// <summary>An account as its owner sees it, read from the machines between two inputs.</summary>
public static class AccountReader
{
    /// <summary>Null: the engine does not know the account.</summary>
    public static AccountView? Read(Engine engine, uint id) => engine.Account(id) is not { } account
        ? null
        : Read(account, engine.Market, (symbol, leg) => engine.Books[symbol].AdlQuintile(id, leg));

    /// <summary>Reads an account with the marks it is decided with.</summary>
    /// <param name="adlQuintile">What the book says of the position of a leg; 0: it did not say.</param>
    public static AccountView Read(MarginAccount account, MarketTable market, Func<int, int, int> adlQuintile)
    {
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
                    positions.Add(Position(account, market, symbol, leg, adlQuintile(symbol, leg)));
            }
        }

        return new AccountView(
            account.Id, account.IsHedge, account.State, account.IsInLiquidation, account.WalletE8, account.CrossEquityE8(market), account.AvailableE8(market),
            account.WithdrawableE8(market), account.CrossMaintenanceE8(market), [.. positions], settings);
    }

    private static PositionView Position(MarginAccount account, MarketTable market, int symbol, int leg, int adlQuintile)
    {
        PositionLeg position = account.PositionOf(symbol, leg);
        PositionSide side = !account.IsHedge ? PositionSide.Both : leg == 0 ? PositionSide.Long : PositionSide.Short;
        return new PositionView(
            symbol, side, position.Lots, position.CostE8, market[symbol].MarkTicks, account.UnrealisedE8(symbol, leg, market),
            account.MarginModeOf(symbol), account.LeverageOf(symbol), position.IsolatedE8, account.MaintenanceE8(symbol, leg, market),
            account.LiquidationTicks(symbol, leg, market), adlQuintile);
    }
}
