using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Api.Demo;

/// <summary>Puts nearly all it has on one side at the highest leverage, takes a profit when it has one, is liquidated otherwise, and gets a new stake.</summary>
internal sealed class DemoGambler(DemoSymbol symbol, uint account, int seed)
{
    /// <summary>Each acts only once in so many steps.</summary>
    public const int Turns = 16;

    private const long OneE8 = 100_000_000;

    public bool IsItsTurn(long step) => (step + (account * 2)) % Turns == 0;

    public uint Account => account;

    public void Act(DemoDesk desk, AccountView view)
    {
        var dice = new DemoDice(seed, DemoPurpose.Gambler, account, desk.Step);
        PositionView? position = Array.Find(view.Positions, held => held.Symbol == symbol.Id && held.Lots != 0);
        if (position is not null)
        {
            long wonE8 = position.UnrealisedE8;
            if (wonE8 > view.WalletE8 / 2 && dice.Percent(25))
                desk.Market(account, symbol.Id, position.Lots > 0 ? Side.Sell : Side.Buy, Math.Abs(position.Lots), reduces: true);
            return;
        }

        if (view.WalletE8 < DemoHouse.GamblerStakeE8 / 2)
            desk.Fund(account, DemoHouse.GamblerStakeE8);
        else if (dice.Percent(60))
            Open(desk, dice.Percent(50) ? Side.Buy : Side.Sell, view.AvailableE8);
    }

    /// <summary>With most of what it has as margin, and no more than the first bracket allows.</summary>
    private void Open(DemoDesk desk, Side side, long availableE8)
    {
        long notionalE8 = Math.Min(availableE8 / 100 * 85 * symbol.Instrument.MaxLeverage, symbol.Instrument.Brackets[0].CapE8 / 10 * 9);
        long lots = notionalE8 / symbol.Instrument.NotionalE8(symbol.WorthTicks, 1);
        long limitTicks = symbol.WorthTicks + ((side == Side.Buy ? 4 : -4) * symbol.GapTicks);
        if (lots >= symbol.Instrument.MinLots && limitTicks > 0)
            desk.Limit(account, symbol.Id, side, limitTicks, lots, TimeInForce.Ioc);
    }
}
