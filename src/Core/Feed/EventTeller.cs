using System.Runtime.CompilerServices;
using Exchange.Core.Books;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core.Feed;

/// <summary>Which of the events that readers are told a feed has.</summary>
[Flags]
internal enum ToldParts
{
    /// <summary>Orders, fills, balances, positions, settings.</summary>
    Accounts = 1,

    /// <summary>Trades, liquidations, instruments.</summary>
    Markets = 2,

    /// <summary>The insurance fund.</summary>
    Fund = 4,
    All = Accounts | Markets | Fund,
}

/// <summary>What readers are told of one thing that happened: the rules that all feeds share. Without memory once warm.</summary>
internal sealed partial class EventTeller(ToldParts parts)
{
    private FeedBuffer _feed = new(1);
    private ulong _sequence;
    private long _timeMs;

    /// <summary>The insurance fund by all that was told of it, 1e-8.</summary>
    public long FundE8 { get; set; }

    private bool TellsAccounts => (parts & ToldParts.Accounts) != 0;

    private bool TellsMarkets => (parts & ToldParts.Markets) != 0;

    /// <summary>What follows is of one input.</summary>
    public void Begin(FeedBuffer feed, ulong sequence, long timeMs)
    {
        _feed = feed;
        _sequence = sequence;
        _timeMs = timeMs;
    }

    /// <summary>Tells one thing.</summary>
    /// <param name="e">What happened; of an account, with what it changed there.</param>
    /// <param name="placed">Of an order's acceptance: its type.</param>
    public void Tell(in EngineEvent e, OrderType placed)
    {
        switch (e.Kind)
        {
            case EngineEventKind.Book: TellBook(in e, placed); break;
            case EngineEventKind.Deposit: TellMoney(in e, BalanceCause.Deposit); break;
            case EngineEventKind.Withdrawal: TellMoney(in e, BalanceCause.Withdrawal); break;
            case EngineEventKind.MarginMoved: TellMoney(in e, BalanceCause.MarginTransfer); break;
            case EngineEventKind.BadDebt:
                TellMoney(in e, BalanceCause.BadDebt);
                TellFund(e.Book.Account, e.Symbol, -e.Book.Amount);
                break;
            case EngineEventKind.FundingRemainder: TellFund(0, e.Symbol, e.Book.Amount); break;
            case EngineEventKind.Setting when TellsAccounts: Add(FeedKind.Setting, e.Symbol, e.Book.Account); break;
            case EngineEventKind.Instrument: TellInstrument(e.Symbol, (TradingState)e.Book.Lots); break;
            default: break; // A new account: nothing to tell anyone who could not ask.
        }
    }

    public void TellInstrument(int symbol, TradingState state) => Add(FeedKind.Instrument, symbol, 0).Reason = (byte)state;

    public void TellFund(uint account, int symbol, long amountE8)
    {
        if ((parts & ToldParts.Fund) == 0)
            return;
        FundE8 += amountE8;
        ref FeedEvent told = ref Add(FeedKind.Insurance, symbol, account);
        told.Amount = amountE8;
        told.Money = FundE8;
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref FeedEvent Add(FeedKind kind, int symbol, uint account)
    {
        ref FeedEvent told = ref _feed.Add();
        told.Sequence = _sequence;
        told.TimeMs = _timeMs;
        told.Kind = kind;
        told.Symbol = symbol;
        told.Account = account;
        return ref told;
    }
}
