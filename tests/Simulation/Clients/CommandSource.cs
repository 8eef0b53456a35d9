using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Units;
using Exchange.Simulation.Worlds;

namespace Exchange.Simulation.Clients;

/// <summary>Invents what an account's clients ask: mostly orders near the mark, some far too large, and money in and out.</summary>
internal sealed class CommandSource(World world, uint account)
{
    private ulong _ids;
    private bool _isHedge;
    private bool _isFrozen;

    /// <summary>In a large world an account trades in a few symbols; elsewhere it would meet nobody.</summary>
    private readonly int _firstSymbol = world.Random.Below(Math.Max(1, world.Instruments.Length - 1));

    private SplitMix Random => world.Random;

    /// <param name="past">What the client asked before: it cancels and amends its own orders.</param>
    public Command Next(IReadOnlyList<ClientCommand> past)
    {
        int symbol = (_firstSymbol + Random.Below(Math.Min(4, world.Instruments.Length))) % world.Instruments.Length;
        if (past.Count < 7)
            return First(past.Count);
        if (_isFrozen && Random.Chance(20_000))
            return Freeze(false);
        int kind = Random.Below(100);
        return kind switch
        {
            < 64 => Place(symbol),
            < 74 => Amend(past, symbol),
            < 84 => Cancel(past, symbol),
            < 85 => new Command { Kind = CommandKind.CancelAll, Account = account, Symbol = symbol },
            < 86 => new Command { Kind = CommandKind.CancelAll, Account = account, Symbol = -1 },
            < 87 => new Command { Kind = CommandKind.Countdown, Account = account, Symbol = symbol, Amount = Random.Between(0, 5_000) },
            < 90 => Money(CommandKind.Deposit, Random.Between(20, 200)),
            < 95 => Money(CommandKind.Withdraw, Random.Between(1, 300)),
            < 97 => Leverage(symbol),
            < 99 => AdjustMargin(symbol),
            _ when Random.Chance(50_000) => Freeze(true),
            _ => Mode(symbol),
        };
    }

    private Command First(int count) => count switch
    {
        0 => new Command { Kind = CommandKind.CreateAccount, Account = account },
        1 => Money(CommandKind.Deposit, Random.Between(200, 800)),
        2 => Mode(_firstSymbol),
        3 => Mode(_firstSymbol + 1),
        4 => Leverage(_firstSymbol),
        5 => Leverage(_firstSymbol + 1),
        _ => PositionMode(),
    };

    private Command Freeze(bool isFrozen)
    {
        _isFrozen = isFrozen;
        TradingState state = !isFrozen ? TradingState.Trading : Random.Chance(50_000) ? TradingState.Halted : TradingState.ReduceOnly;
        return new Command { Kind = CommandKind.SetAccountState, Account = account, State = state };
    }

    private Command PositionMode()
    {
        _isHedge = Random.Chance(30_000);
        return new Command { Kind = CommandKind.SetPositionMode, Account = account, Hedge = _isHedge };
    }

    private Command Leverage(int symbol) => new()
    {
        Kind = CommandKind.SetLeverage, Account = account, Symbol = symbol, Leverage = (int)Random.Between(10, 110),
    };

    private Command Mode(int symbol) => new()
    {
        Kind = CommandKind.SetMarginMode, Account = account, Symbol = symbol, MarginMode = (MarginMode)Random.Below(2),
    };

    private Command AdjustMargin(int symbol)
    {
        Command adjust = Money(CommandKind.AdjustMargin, Random.Between(-30, 60));
        adjust.Symbol = symbol;
        adjust.PositionSide = !_isHedge ? PositionSide.Both : Random.Chance(50_000) ? PositionSide.Long : PositionSide.Short;
        return adjust;
    }

    private Command Money(CommandKind kind, long usdt) => new()
    {
        Kind = kind, Account = account, Key = NewId(), Amount = usdt * Rounding.OneE8 + Random.Below(1_000_000),
    };

    /// <summary>The text that a client gives an order with this key.</summary>
    public static ClientOrderId NameOf(ClientKey key) => ClientOrderId.From(System.Text.Encoding.ASCII.GetBytes($"{key.High}-{key.Low}"));

    private ClientKey NewId() => new(account, ++_ids);

    private Command Place(int symbol)
    {
        Instrument instrument = world.Instruments[symbol];
        long index = world.IndexTicks(symbol);
        Side side = (Side)Random.Below(2);
        long away = index * Random.Between(-150, 250) / 10_000;
        long lots = Math.Max(1, Random.Between(100, Random.Chance(30_000) ? 20_000 : 4_000) * Rounding.OneE8 / instrument.NotionalE8(index, 1));
        var terms = new OrderTerms
        {
            Symbol = symbol,
            Side = side,
            Lots = lots,
            ClientKey = NewId(),
            Flags = OrderFlags.ReturnRepeats,
            Fields = OrderFields.Lots,
        };
        int type = Random.Below(100);
        if (type < 60)
            SetLimit(ref terms, index - side.Sign() * away);
        else if (type < 85)
            terms.Type = OrderType.Market;
        else
            SetStop(ref terms, index, side);
        if (_isHedge)
            terms.PositionSide = Random.Chance(50_000) ? PositionSide.Long : PositionSide.Short;
        else if (Random.Chance(15_000))
            terms.Flags |= OrderFlags.ReduceOnly;
        return new Command { Kind = CommandKind.Place, Account = account, Symbol = symbol, Terms = terms, ClientId = NameOf(terms.ClientKey) };
    }

    private void SetLimit(ref OrderTerms terms, long priceTicks)
    {
        terms.Type = OrderType.Limit;
        terms.PriceTicks = priceTicks;
        terms.Fields |= OrderFields.Price;
        terms.TimeInForce = Random.Below(10) switch
        {
            0 => TimeInForce.Ioc,
            1 => TimeInForce.Fok,
            2 => TimeInForce.Gtx,
            3 => TimeInForce.Gtd,
            _ => TimeInForce.Gtc,
        };
        if (terms.TimeInForce != TimeInForce.Gtd)
            return;
        terms.Fields |= OrderFields.Gtd;
        terms.GtdMs = world.NowMs + Random.Between(1_000, 20_000);
    }

    private void SetStop(ref OrderTerms terms, long index, Side side)
    {
        terms.Type = Random.Below(3) switch { 0 => OrderType.StopLimit, 1 => OrderType.TakeProfitMarket, _ => OrderType.StopMarket };
        long away = index * Random.Between(10, 200) / 10_000;
        terms.StopTicks = terms.Type == OrderType.TakeProfitMarket ? index - side.Sign() * away : index + side.Sign() * away;
        terms.Fields |= OrderFields.Stop;
        if (Random.Chance(50_000))
            terms.Flags |= OrderFlags.WorkingMark;
        if (terms.Type != OrderType.StopLimit)
            return;
        terms.PriceTicks = terms.StopTicks + side.Sign() * index / 500;
        terms.Fields |= OrderFields.Price;
    }

    private Command Amend(IReadOnlyList<ClientCommand> past, int symbol)
    {
        if (RecentOrder(past) is not { } order)
            return Place(symbol);
        symbol = order.Command.Symbol;
        long index = world.IndexTicks(symbol);
        var amend = new Command
        {
            Kind = CommandKind.Amend,
            Account = account,
            Symbol = symbol,
            OrderId = order.OrderId,
            Fields = OrderFields.Price | OrderFields.Lots,
            PriceTicks = index - order.Command.Terms.Side.Sign() * index * Random.Between(-100, 200) / 10_000,
            Lots = Math.Max(1, order.Command.Terms.Lots * Random.Between(50, 150) / 100),
        };
        return amend;
    }

    private Command Cancel(IReadOnlyList<ClientCommand> past, int symbol) => RecentOrder(past) is { } order
        ? new Command { Kind = CommandKind.Cancel, Account = account, Symbol = order.Command.Symbol, OrderId = order.OrderId }
        : Place(symbol);

    private ClientCommand? RecentOrder(IReadOnlyList<ClientCommand> past)
    {
        for (int i = past.Count - 1, tries = 0; i >= 0 && tries < 12; i--)
        {
            if (past[i].Command.Kind != CommandKind.Place || !past[i].IsAccepted)
                continue;
            tries++;
            if (Random.Chance(25_000))
                return past[i];
        }

        return null;
    }
}
