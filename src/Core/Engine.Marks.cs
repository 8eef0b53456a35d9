using Exchange.Core.Books;
using Exchange.Core.Instruments;
using Exchange.Core.Marks;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core;

// Marks: samples once a second, what a mark sets off, funding rounds (docs/rules/funding.md 8, docs/rules/matching.md 3.6).
public sealed partial class Engine
{
    private const long SecondMs = 1_000;
    private const int ImpactEverySeconds = 5;
    private readonly List<Mark> _marks = [];
    private readonly MarkOutput _markOutput = new();
    private readonly ImpactProbe _impact = new();
    private long _sampledSecond = -1;
    private readonly List<long> _remaindersE8 = [];
    private int _indexedCount;

    /// <summary>The next symbol of a second's samples, which a pass may hold up; beyond the last: all are taken.</summary>
    private int _samplesNext = int.MaxValue;

    /// <summary>The next second has come, and a pass was open.</summary>
    private bool _areSamplesDue;

    /// <summary>A symbol whose funding round waits for the pass of its mark; -1: none.</summary>
    private int _roundWaiting = -1;

    public IReadOnlyList<Mark> Marks => _marks;

    /// <summary>When the next sample is taken; <see cref="long.MaxValue"/> while no symbol has an index, and until an open pass has ended.</summary>
    private long NextSampleMs => _indexedCount == 0 || HasOpenPass ? long.MaxValue : (_sampledSecond + 1) * SecondMs;

    private void AddMark(Instrument instrument)
    {
        _marks.Add(new Mark(instrument) { IsWakingLater = true });
        _remaindersE8.Add(0);
        if (instrument.FixedIndexTicks == 0)
            return;
        _indexedCount++;
        TakeSample(instrument.SymbolId, _timeMs / SecondMs);
        WorkInstants();
    }

    private void ChangeMark(Instrument instrument)
    {
        Mark mark = _marks[instrument.SymbolId];
        bool hadIndex = mark.IndexE8 != 0;
        mark.Change(instrument);
        _indexedCount += (mark.IndexE8 != 0 ? 1 : 0) - (hadIndex ? 1 : 0);
    }

    private RejectReason SetIndex(in Command command)
    {
        if (JudgeSymbol(command.Symbol) is not RejectReason.None and var refusal)
            return refusal;
        Mark mark = _marks[command.Symbol];
        bool isFirst = mark.IndexE8 == 0;
        bool isMarked = mark.MarkNumber == 0;
        if (isMarked)
            FinishPass(); // There will be a mark at once.
        mark.Apply(new MarkInput { Kind = MarkInputKind.Index, TimeMs = _timeMs, IndexE8 = command.Amount }, _markOutput);
        RejectReason reason = _markOutput.Outcome;
        if (reason == RejectReason.None && isFirst)
        {
            _indexedCount++;
            NoteStale();
        }

        ActOn(command.Symbol);
        if (isMarked)
            WorkInstants();
        return reason;
    }

    /// <summary>Once a second, all symbols' samples. Marks stand still while a pass is open: then they wait for its end.</summary>
    private void TakeSamples()
    {
        if (_indexedCount == 0 || _timeMs / SecondMs <= _sampledSecond)
            return;
        _needsWhole |= !_areSamplesDue;
        _areSamplesDue = true;
        if (!HasOpenPass)
            WorkInstants();
    }

    /// <summary>Nothing but time: timers have fired, and an open pass goes on.</summary>
    private RejectReason GoOn()
    {
        if (HasOpenPass)
            WorkInstants();
        return RejectReason.None;
    }

    /// <summary>The open pass, then the funding round that waits for it, then the samples that do, each of which may open the next.</summary>
    private void WorkInstants()
    {
        while (true)
        {
            WorkPass();
            if (HasOpenPass)
                return;
            if (_roundWaiting >= 0)
            {
                PayWaitingRound();
            }
            else if (_samplesNext < _marks.Count)
            {
                SampleNext();
            }
            else if (_areSamplesDue)
            {
                BeginSamples();
            }
            else
            {
                _samplesNext = int.MaxValue;
                return;
            }
        }
    }

    private void PayWaitingRound()
    {
        FundingRound round = _marks[_roundWaiting].LastRound;
        int symbol = _roundWaiting;
        _roundWaiting = -1;
        PayRound(symbol, (ulong)round.Id, round.RateE8, round.MarkTicks);
    }

    private void BeginSamples()
    {
        _areSamplesDue = false;
        _sampledSecond = _timeMs / SecondMs;
        NoteStale();
        _samplesNext = 0;
    }

    private void SampleNext()
    {
        int symbol = _samplesNext++;
        if (_marks[symbol].IndexE8 != 0 && _market[symbol].State != TradingState.Settled)
            TakeSample(symbol, _sampledSecond);
    }

    /// <summary>Before any mark moves: a pool that holds a symbol whose index has just aged must not be judged by another symbol's mark.</summary>
    private void NoteStale()
    {
        for (int symbol = 0; symbol < _marks.Count; symbol++)
        {
            if (_marks[symbol].IndexE8 != 0)
                _market[symbol].IsStale = _marks[symbol].IsStaleAt(_timeMs);
        }
    }

    private void TakeSample(int symbol, long second)
    {
        OrderBook book = _books[symbol];
        var input = new MarkInput
        {
            Kind = MarkInputKind.Sample,
            TimeMs = _timeMs,
            SampleNumber = (ulong)second + 1,
            BidTicks = book.BestBidTicks,
            AskTicks = book.BestAskTicks,
            LastTicks = book.LastTicks,
        };
        if (second % ImpactEverySeconds == 0)
        {
            input.HasImpact = true;
            input.ImpactBid = _impact.Of(book, Side.Buy);
            input.ImpactAsk = _impact.Of(book, Side.Sell);
        }

        _marks[symbol].Apply(in input, _markOutput);
        ActOn(symbol);
    }

    /// <summary>What a Mark machine said: the mark with what it sets off; a funding round waits until that is done.</summary>
    private void ActOn(int symbol)
    {
        _market[symbol].IsStale = _marks[symbol].IsStale;
        if (_markOutput.HasFunding)
            _roundWaiting = symbol;
        if (_markOutput.HasMark)
            ApplyMark(symbol, _markOutput.Mark.Ticks);
    }

    private RejectReason SetMark(in Command command)
    {
        if (JudgeMark(in command) is not RejectReason.None and var refusal)
            return refusal;
        FinishPass();
        ApplyMark(command.Symbol, command.PriceTicks);
        WorkInstants();
        return RejectReason.None;
    }

    /// <summary>Whether the operator may change something of a symbol: it is listed, and not settled.</summary>
    private RejectReason JudgeSymbol(int symbol) =>
        !_market.IsListed(symbol) ? RejectReason.UnknownSymbol
        : _market[symbol].State == TradingState.Settled ? RejectReason.SymbolNotTrading
        : RejectReason.None;

    /// <summary>Whether a command's price can be the mark of its symbol.</summary>
    private RejectReason JudgeMark(in Command command)
    {
        RejectReason reason = JudgeSymbol(command.Symbol);
        if (reason == RejectReason.None && (command.PriceTicks < 1 || command.PriceTicks > _market[command.Symbol].Instrument.MaxPriceTicks))
            return RejectReason.PriceRange;
        return reason;
    }

    /// <summary>In order: set mark; triggers; queue; liquidation pass; risk cancels; queue. <see cref="WorkInstants"/> works what follows the triggers.</summary>
    private void ApplyMark(int symbol, long markTicks)
    {
        ref MarketTable.Entry entry = ref _market[symbol];
        entry.Gap = entry.Gap.Move(entry.Instrument, entry.MarkTicks, markTicks);
        entry.MarkTicks = markTicks;
        Tell(EngineEventKind.Mark, symbol, 0).Book.PriceTicks = markTicks;
        _message = new BookInput { Kind = BookInputKind.Mark, TimeMs = _timeMs, PriceTicks = markTicks };
        Send(symbol);
        _marks[symbol].Alarms.Turn(markTicks);
        OpenPass(symbol);
    }

    private RejectReason SettleFunding(in Command command)
    {
        if (JudgeSymbol(command.Symbol) is not RejectReason.None and var refusal)
            return refusal;
        if (Math.Abs(command.Amount) > InstrumentLimits.MaxRateE8)
            return RejectReason.AmountRange;
        if (_market[command.Symbol].MarkTicks == 0)
            return RejectReason.SymbolNotTrading;
        FinishPass();
        PayRound(command.Symbol, _books[command.Symbol].FundingRoundId + 1, command.Amount, _market[command.Symbol].MarkTicks);
        WorkInstants();
        return RejectReason.None;
    }

    private void PayRound(int symbol, ulong round, long rateE8, long markTicks)
    {
        if (round <= _books[symbol].FundingRoundId)
            return; // A sandbox has settled it already.
        _message = new BookInput
        {
            Kind = BookInputKind.FundingRound, TimeMs = _timeMs, Liquidation = round, Amount = rateE8, PriceTicks = markTicks,
        };
        Send(symbol);
        do
        {
            _message = new BookInput
            {
                Kind = BookInputKind.FundingSlice, TimeMs = _timeMs, Liquidation = round, SliceAccounts = 1_024,
            };
            Send(symbol);
        }
        while (!_bookOutput.RoundIsDone);

        long remainderE8 = _bookOutput.FundingRemainderE8;
        if (remainderE8 != 0)
        {
            _remaindersE8[symbol] += remainderE8;
            _clearing.ReportRemainders(symbol, ++_reportNumber, _remaindersE8[symbol]);
            Tell(EngineEventKind.FundingRemainder, symbol, 0).Book.Amount = remainderE8;
        }

        OpenPass(symbol);
    }
}
