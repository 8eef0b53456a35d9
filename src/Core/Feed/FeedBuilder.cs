using Exchange.Core.Books;
using Exchange.Core.Marks;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Views;

namespace Exchange.Core.Feed;

/// <summary>Turns what one input of the engine did into events for readers; on the engine's thread, without memory once warm.</summary>
/// <remarks>
/// Events stand in the order they happened, then the levels that changed, symbol by symbol. Its own state is what readers were told
/// last of every level, the numbers of the depth feeds and the insurance fund; after a restart it takes that from the restored
/// views (<see cref="Resume"/>).
/// </remarks>
/// <param name="marks">The engine's Mark machines by symbol: index, funding rate and settlement of an event come from there.</param>
public sealed partial class FeedBuilder(IReadOnlyList<Mark> marks)
{
    private LevelFeed[] _levels = [];
    private long[] _fundingRounds = [];   // Id of the last round told, by symbol.
    private int[] _touched = new int[8];
    private int _touchedCount;

    // The input being told.
    private FeedBuffer _feed = new(1);
    private ulong _sequence;
    private long _timeMs;

    /// <summary>The insurance fund by all that was told of it, 1e-8.</summary>
    public long FundE8 { get; private set; }

    /// <summary>Appends the events of one input; none if it was refused and nothing else happened.</summary>
    /// <param name="command">The input.</param>
    /// <param name="sequence">Its sequence in the journal.</param>
    /// <param name="timeMs">The engine's time after it.</param>
    /// <param name="output">What the engine did.</param>
    /// <param name="feed">Appended to.</param>
    public void Build(in Command command, ulong sequence, long timeMs, EngineOutput output, FeedBuffer feed)
    {
        _feed = feed;
        _sequence = sequence;
        _timeMs = timeMs;
        foreach (ref readonly EngineEvent e in output.Events)
        {
            if (e.Kind == EngineEventKind.Book)
                TellBook(in e, in command);
            else
                TellVenue(in e, in command);
        }

        if (command.Kind == CommandKind.SeedInsurance && output.Reason == RejectReason.None)
            TellFund(0, -1, command.Amount);
        foreach (ref readonly LevelChange change in output.Levels)
            Note(in change);
        FlushLevels();
    }

    /// <summary>Goes on where restored views end.</summary>
    public void Resume(VenueViews views)
    {
        FundE8 = views.FundE8;
        for (int symbol = 0; symbol < views.SymbolCount; symbol++)
        {
            RoundOf(symbol) = (long)views.LastFundingRoundOf(symbol);
            DepthView depth = views.GetWholeDepth(symbol);
            LevelFeed levels = LevelsOf(symbol);
            levels.Restore(depth.Number);
            foreach (LevelView level in depth.Bids)
                levels.Restore(Side.Buy, level.PriceTicks, level.Lots);
            foreach (LevelView level in depth.Asks)
                levels.Restore(Side.Sell, level.PriceTicks, level.Lots);
        }
    }

    private void TellVenue(in EngineEvent e, in Command command)
    {
        switch (e.Kind)
        {
            case EngineEventKind.Deposit: TellMoney(in e, BalanceCause.Deposit); break;
            case EngineEventKind.Withdrawal: TellMoney(in e, BalanceCause.Withdrawal); break;
            case EngineEventKind.MarginMoved: TellMoney(in e, BalanceCause.MarginTransfer); break;
            case EngineEventKind.BadDebt:
                TellMoney(in e, BalanceCause.BadDebt);
                TellFund(e.Book.Account, e.Symbol, -e.Book.Amount);
                break;
            case EngineEventKind.FundingRemainder: TellFund(0, e.Symbol, e.Book.Amount); break;
            case EngineEventKind.Mark: TellMark(in e); break;
            case EngineEventKind.Setting: Add(FeedKind.Setting, e.Symbol, e.Book.Account); break;
            case EngineEventKind.Instrument:
                Add(FeedKind.Instrument, e.Symbol, 0).Reason = (byte)e.Book.Lots;
                break;
            default: break; // A new account: nothing to tell anyone who could not ask.
        }
    }

    private void TellMark(in EngineEvent e)
    {
        Mark mark = marks[e.Symbol];
        ref FeedEvent told = ref Add(FeedKind.Mark, e.Symbol, 0);
        told.PriceTicks = e.Book.PriceTicks;
        told.Amount = mark.IndexE8;
        told.Other = mark.PredictedFundingRateE8;
        told.Id = (ulong)mark.NextFundingMs;
        TellRound(e.Symbol, mark.LastRound);
    }

    /// <summary>A round comes with a mark, and the machine keeps the last one: it is told when it is another than before.</summary>
    private void TellRound(int symbol, in FundingRound round)
    {
        ref long last = ref RoundOf(symbol);
        if (round.Id <= last)
            return;
        last = round.Id;
        ref FeedEvent told = ref Add(FeedKind.Funding, symbol, 0);
        told.Id = (ulong)round.Id;
        told.Amount = round.RateE8;
        told.PriceTicks = round.MarkTicks;
    }

    private void TellMoney(in EngineEvent e, BalanceCause cause)
    {
        TellBalance(in e, cause, e.Book.Amount);
        if (e.Change.IsPositionChanged)
            TellPosition(in e, cause);
    }

    private void TellBalance(in EngineEvent e, BalanceCause cause, long amountE8)
    {
        if (amountE8 == 0)
            return;
        ref FeedEvent told = ref Add(FeedKind.Balance, e.Symbol, e.Book.Account);
        told.Reason = (byte)cause;
        told.Other = TradeOf(in e);
        told.Amount = amountE8;
        told.Money = e.Change.WalletE8;
    }

    private void TellPosition(in EngineEvent e, BalanceCause cause)
    {
        ref FeedEvent told = ref Add(FeedKind.Position, e.Symbol, e.Book.Account);
        told.Reason = (byte)cause;
        told.Other = TradeOf(in e);
        told.PositionSide = e.Book.PositionSide;
        told.Lots = e.Change.PositionLots;
        told.Amount = e.Change.CostE8;
        told.Money = e.Change.IsolatedE8;
    }

    private static long TradeOf(in EngineEvent e) => e is { Kind: EngineEventKind.Book, Book.Kind: BookEventKind.Fill } ? e.Book.Amount : 0;

    private void TellFund(uint account, int symbol, long amountE8)
    {
        FundE8 += amountE8;
        ref FeedEvent told = ref Add(FeedKind.Insurance, symbol, account);
        told.Amount = amountE8;
        told.Money = FundE8;
    }

    private ref FeedEvent Add(FeedKind kind, int symbol, uint account)
    {
        ref FeedEvent told = ref _feed.Add();
        told.Sequence = _sequence;
        told.TimeMs = _timeMs;
        told.Kind = kind;
        told.Symbol = symbol;
        told.Account = account;
        return ref told;
    }

    private void Note(in LevelChange change)
    {
        LevelFeed levels = LevelsOf(change.Symbol);
        if (!levels.IsPending)
        {
            if (_touchedCount == _touched.Length)
                Array.Resize(ref _touched, _touchedCount * 2);
            _touched[_touchedCount++] = change.Symbol;
        }

        levels.Note(change.Side, change.PriceTicks, change.Lots);
    }

    private void FlushLevels()
    {
        for (int i = 0; i < _touchedCount; i++)
            _levels[_touched[i]].Flush(_sequence, _timeMs, _feed);
        _touchedCount = 0;
    }

    private ref long RoundOf(int symbol)
    {
        if (symbol >= _fundingRounds.Length)
            Array.Resize(ref _fundingRounds, symbol + 1);
        return ref _fundingRounds[symbol];
    }

    private LevelFeed LevelsOf(int symbol)
    {
        while (symbol >= _levels.Length)
            _levels = [.. _levels, new LevelFeed(_levels.Length)];
        return _levels[symbol];
    }
}
