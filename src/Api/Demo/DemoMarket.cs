using Exchange.Core;
using Exchange.Core.Port;

namespace Exchange.Api.Demo;

/// <summary>A market to look at: an index that moves, makers around it, takers, and gamblers who are liquidated now and then (docs/demo-market.md).</summary>
/// <remarks>
/// A client of the port like any other, with accounts of its own. All it knows it reads from the venue, so a restart goes on with the market
/// as it was: the index of the ticker, the step in the newest client id, orders and positions. A step is a function of that and of the seed.
/// </remarks>
internal sealed class DemoMarket
{
    private readonly IExchange _exchange;
    private readonly DemoOptions _options;
    private readonly DemoDesk _desk;
    private readonly DemoSymbol[] _symbols;
    private readonly (DemoSymbol Symbol, uint Account, DemoMaker Maker)[] _makers;
    private readonly DemoTaker[] _takers;
    private readonly DemoGambler[] _gamblers;
    private long _step;

    private DemoMarket(IExchange exchange, DemoOptions options, DemoSymbol[] symbols)
    {
        _exchange = exchange;
        _options = options;
        _desk = new DemoDesk(exchange);
        _symbols = symbols;
        uint[] makers = [.. DemoHouse.Makers];
        uint[] gamblers = [.. DemoHouse.Gamblers];
        _makers = [.. from symbol in symbols from account in makers select (symbol, account, new DemoMaker(symbol, account, options))];
        _takers = [.. symbols.Select(symbol => new DemoTaker(symbol, options.Seed))];
        _gamblers = [.. gamblers.Select((account, i) => new DemoGambler(symbols[i % symbols.Length], account, options.Seed))];
    }

    public IEnumerable<string> Symbols => _symbols.Select(symbol => symbol.Instrument.Symbol);

    /// <summary>Opens the house's accounts and finds where the market stood; null: no symbol has a fixed index to start from.</summary>
    public static async Task<DemoMarket?> Open(IExchange exchange, DemoOptions options, CancellationToken cancellation)
    {
        DemoSymbol[] symbols = [.. exchange.Instruments.Where(instrument => instrument.FixedIndexTicks > 0).Select(instrument => new DemoSymbol(instrument, options.Seed))];
        if (symbols.Length == 0)
            return null;
        await DemoHouse.Open(exchange, [.. symbols.Select(symbol => symbol.Instrument)], cancellation);
        var market = new DemoMarket(exchange, options, symbols);
        foreach (DemoSymbol symbol in symbols)
            symbol.IndexE8 = market.VenuesIndexE8(symbol);
        foreach (uint account in DemoHouse.All)
            market._step = Math.Max(market._step, await market._desk.LastStep(account));
        return market;
    }

    /// <summary>One step: the index moves, makers follow it, takers and gamblers act.</summary>
    public async Task Step()
    {
        _desk.Begin(++_step);
        await MoveIndex();

        // Read only now: the index command has fired what was due, and what it did is shown.
        var accounts = new Dictionary<uint, AccountView>();
        foreach (uint account in _makers.Select(maker => maker.Account).Concat(DemoHouse.Takers.ToArray()).Distinct())
        {
            accounts[account] = await Read(account);
            if (accounts[account].AvailableE8 < DemoHouse.FundsE8 / 10)
                _desk.Fund(account, DemoHouse.FundsE8);
        }

        await FollowIndex(accounts);

        for (int i = 0; i < _symbols.Length; i++)
            _takers[i].Act(_desk, [.. DemoHouse.Takers.ToArray().Select(taker => HeldLots(accounts[taker], _symbols[i]))]);
        foreach (DemoGambler gambler in _gamblers.Where(gambler => gambler.IsItsTurn(_step)))
            gambler.Act(_desk, await Read(gambler.Account));
        await _desk.Answers();
    }

    private async Task MoveIndex()
    {
        foreach (DemoSymbol symbol in _symbols)
        {
            symbol.Advance(_step);
            _desk.Send(new Command { Kind = CommandKind.SetIndex, Symbol = symbol.Id, Amount = symbol.IndexE8 });
        }

        CommandReply[] replies = await _desk.Answers();
        for (int i = 0; i < _symbols.Length; i++)
        {
            // An operator has posted another price: the market goes on from there.
            if (replies[i].Reason == RejectReason.PriceBandOfIndex)
                _symbols[i].IndexE8 = VenuesIndexE8(_symbols[i]);
        }
    }

    /// <summary>All that is wrong is canceled before anything is placed: no maker's old order stands in the other's way.</summary>
    private async Task FollowIndex(Dictionary<uint, AccountView> accounts)
    {
        foreach ((DemoSymbol symbol, uint account, DemoMaker maker) in _makers)
            maker.Cancel(_desk, await _exchange.GetOpenOrders(account, symbol.Id, CancellationToken.None), HeldLots(accounts[account], symbol));
        int canceled = (await _desk.Answers()).Length;
        int each = Math.Max(2, (_options.MakerCommandsPerStep - canceled) / _makers.Length);
        foreach ((_, _, DemoMaker maker) in _makers)
            maker.Place(_desk, each);
        await _desk.Answers();
    }

    private async Task<AccountView> Read(uint account) =>
        await _exchange.GetAccount(account, CancellationToken.None) ?? throw new InvalidOperationException($"The house's account {account} is gone.");

    private static long HeldLots(AccountView account, DemoSymbol symbol) =>
        Array.Find(account.Positions, position => position.Symbol == symbol.Id)?.Lots ?? 0;

    private long VenuesIndexE8(DemoSymbol symbol) => _exchange.GetTicker(symbol.Id).IndexE8 is > 0 and var indexE8 ? indexE8 : symbol.AnchorE8;
}
