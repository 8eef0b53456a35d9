using Exchange.Core.Accounts;
using Exchange.Core.Books;
using Exchange.Core.Instruments;
using Exchange.Core.Port;
using Exchange.Core.Units;

namespace Exchange.Core.Tests.Engines;

/// <summary>Semantics 10, points 1 to 6: the sums after every command, everything else now and then and at the end.</summary>
internal sealed class MoneyCheck : IEngineCheck
{
    private const int WalkEvery = 64;
    private readonly OrderLedger _orders = new();
    private long _fundE8;
    private bool _isQuiet;

    public void Before(EngineRun run, in Command command, long timeMs) =>
        _isQuiet = Math.Max(timeMs, run.Engine.TimeMs) < run.Engine.NextTimerMs();

    public void After(EngineRun run, in Command command)
    {
        Engine engine = run.Engine;
        engine.CheckMoney();
        CheckAccounts(engine);
        CheckRefusal(run);
        CheckFund(run, in command);
        foreach (ref readonly EngineEvent e in run.Output.Events)
        {
            if (e.Kind != EngineEventKind.Book)
                continue;
            _orders.Follow(in e.Book);
            if (OrderLedger.IsOfOrder(in e.Book) && e.Book.Kind != BookEventKind.Accepted)
                Invariant.Holds(e.Change.OrderTotalLots == _orders.TotalLots(e.Book.OrderId));
            CheckFee(engine, in e);
        }

        if (run.Count % WalkEvery == 0)
            End(run);
    }

    public void End(EngineRun run)
    {
        run.Engine.CheckInvariants();
        _orders.Compare(run.Engine);
    }

    /// <summary>Positions sum to zero; nothing is held for commands in flight, and nobody is left in the middle of a liquidation.</summary>
    private static void CheckAccounts(Engine engine)
    {
        Span<long> net = stackalloc long[EngineScriptWriter.Symbols];
        net.Clear();
        for (uint id = 1; id <= EngineScriptWriter.Accounts[^1]; id++)
        {
            if (engine.Account(id) is not { } account)
                continue;
            Invariant.Holds(account.HeldE8 == 0);
            Invariant.Holds(!account.IsInLiquidation);
            for (int i = 0; i < account.SymbolCount; i++)
            {
                int symbol = account.SymbolAt(i);
                net[symbol] += account.PositionOf(symbol, 0).Lots + account.PositionOf(symbol, 1).Lots;
            }
        }

        foreach (long lots in net)
            Invariant.Holds(lots == 0);
    }

    /// <summary>What is refused did nothing, unless a timer was due first.</summary>
    private void CheckRefusal(EngineRun run)
    {
        if (run.Output.Reason == RejectReason.None || !_isQuiet)
            return;
        Invariant.Holds(run.Output.EventCount == 0);
        Invariant.Holds(run.Output.LevelCount == 0);
    }

    /// <summary>Every move of the fund is told.</summary>
    private void CheckFund(EngineRun run, in Command command)
    {
        long told = command.Kind == CommandKind.SeedInsurance && run.Output.Reason == RejectReason.None ? command.Amount : 0;
        foreach (ref readonly EngineEvent e in run.Output.Events)
        {
            told += e.Kind switch
            {
                EngineEventKind.FundingRemainder => e.Book.Amount,
                EngineEventKind.BadDebt => -e.Book.Amount,
                EngineEventKind.Book when e.Book.Kind == BookEventKind.Insurance => -e.Book.Amount,
                _ => 0,
            };
        }

        Invariant.Holds(run.Engine.Clearing.FundE8 == _fundE8 + told);
        _fundE8 += told;
    }

    /// <summary>At least the exact fee, by less than one unit; none for a liquidation's own side, and no rebate that it does not pay.</summary>
    private static void CheckFee(Engine engine, in EngineEvent e)
    {
        Instrument instrument = engine.Market[e.Symbol].Instrument;
        bool isWithheld = e.Book.Has(BookEventFlags.NoRebate);
        Invariant.Holds(!isWithheld || (e.Book.Has(BookEventFlags.AgainstLiquidation) && instrument.MakerRateE8 < 0));
        if (e.Book.Kind != BookEventKind.Fill || e.Book.Has(BookEventFlags.Liquidation) || isWithheld)
        {
            Invariant.Holds(e.Change.FeeE8 == 0);
            return;
        }

        long rateE8 = e.Book.Has(BookEventFlags.Maker) ? instrument.MakerRateE8 : instrument.TakerRateE8;
        Int128 exact = instrument.WideNotionalE8(e.Book.PriceTicks, e.Book.Lots) * rateE8;
        Int128 charged = (Int128)e.Change.FeeE8 * Rounding.OneE8;
        Invariant.Holds(charged >= exact && charged - exact < Rounding.OneE8);
    }
}
