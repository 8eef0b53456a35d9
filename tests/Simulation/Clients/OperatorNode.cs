using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Orders;
using Exchange.Simulation.Hosts;
using Exchange.Simulation.Worlds;

namespace Exchange.Simulation.Clients;

/// <summary>The outside world: lists instruments, seeds the fund, posts indices that wander and crash, halts symbols and resumes or delists them.</summary>
/// <remarks>It never dies, and says everything again until it is heard.</remarks>
internal sealed class OperatorNode(World world, long seedE8) : Participant(world, NodeId.Operator)
{
    private const long RepeatMs = 400;
    private readonly Symbol[] _symbols = [.. world.Instruments.Select(instrument => new Symbol(instrument))];
    private bool _isSeeded;
    private long _repeatAtMs;
    private long _second;

    public override bool IsAtRest => _isSeeded && Array.TrueForAll(
        _symbols, symbol => symbol.IsTaken && symbol.Hand is null && symbol.State is TradingState.Trading or TradingState.Settled);

    public long IndexTicks(int symbol) => _symbols[symbol].IndexTicks;

    public override void Receive(NodeId from, NodeMessage message)
    {
        switch (message)
        {
            case SeedTakenMessage: _isSeeded = true; break;
            case HelloMessage: // A table of marks that has begun anew.
                foreach (Symbol symbol in _symbols)
                    Send(from, symbol.Message);
                break;
            case InstrumentTakenMessage taken:
                Symbol told = _symbols[taken.From.Key];
                if (taken.From.Kind == NodeKind.Book)
                    told.BookVersion = Math.Max(told.BookVersion, taken.Version);
                else
                    told.MarkVersion = Math.Max(told.MarkVersion, taken.Version);
                break;
            case IndexTakenMessage taken: Take(_symbols[taken.Symbol], taken); break;
            case HandTakenMessage taken:
                if (taken.Number == _symbols[taken.Symbol].HandNumber)
                    _symbols[taken.Symbol].Hand = null;
                break;
            default: throw new InvalidOperationException($"{this} got {message}.");
        }
    }

    public override void Step()
    {
        foreach (Symbol symbol in _symbols)
        {
            HaltOrResume(symbol);
            ActByHand(symbol);
        }

        if (World.NowMs >= _repeatAtMs)
            Repeat();
        if (World.NowMs / 1_000 == _second)
            return;
        _second = World.NowMs / 1_000;
        foreach (Symbol symbol in _symbols)
        {
            if (World.ClientsAct)
                Move(symbol);
            symbol.IndexNumber++;
            Send(NodeId.Mark(symbol.Id), new IndexMessage(symbol.IndexNumber, symbol.IndexTicks * symbol.Instrument.TickE8));
        }
    }

    /// <summary>After lost messages a crash may be a leap that the mark refuses: then the symbol is halted until its price is posted.</summary>
    private void Take(Symbol symbol, IndexTakenMessage taken)
    {
        if (taken.Number != symbol.IndexNumber)
            return;
        if (taken.Reason == RejectReason.PriceBandOfIndex && symbol.State != TradingState.Halted)
            Set(symbol, TradingState.Halted, World.NowMs);
        symbol.IsPosted = taken.Reason == RejectReason.None;
    }

    private void HaltOrResume(Symbol symbol)
    {
        if (symbol.SettlementTicks != 0)
        {
            if (symbol.IsTaken && symbol.State != TradingState.Settled)
                Set(symbol, TradingState.Settled, long.MaxValue);
        }
        else if (World.ClientsAct && World.Steps > SimulationRun.Steps / 3 && Random.Chance(12))
        {
            symbol.SettlementTicks = symbol.IndexTicks * Random.Between(90, 110) / 100;
            Set(symbol, TradingState.Halted, long.MaxValue);
        }
        else if (symbol.State == TradingState.Trading)
        {
            if (World.ClientsAct && Random.Chance(60))
                Set(symbol, Random.Chance(50_000) ? TradingState.Halted : TradingState.ReduceOnly, World.NowMs + Random.Between(500, 6_000));
        }
        else if (symbol.IsPosted && symbol.IsTaken && World.NowMs >= symbol.ResumeAtMs)
        {
            Set(symbol, TradingState.Trading, long.MaxValue);
        }
    }

    /// <summary>Sets a mark, or has funding paid, until it is told that this was done.</summary>
    private void ActByHand(Symbol symbol)
    {
        if (symbol.Hand is not null || !World.ClientsAct || !Random.Chance(80))
            return;
        ulong number = ++symbol.HandNumber;
        bool isMark = Random.Chance(50_000);
        World.Happenings.Count(isMark ? Happening.MarkSet : Happening.FundingByHand);
        symbol.Hand = isMark
            ? new SetMarkMessage(number, symbol.IndexTicks * Random.Between(950, 1_050) / 1_000)
            : new SettleFundingMessage(number, Random.Between(-200_000, 200_000));
        Send(NodeId.Mark(symbol.Id), symbol.Hand);
    }

    private void Set(Symbol symbol, TradingState state, long resumeAtMs)
    {
        World.Trace(this, $"{symbol.Instrument.Symbol} is {state}");
        if (state == TradingState.Halted)
            World.Happenings.Count(Happening.SymbolHalted);
        symbol.State = state;
        symbol.Version++;
        symbol.ResumeAtMs = resumeAtMs;
        symbol.IsPosted = false;
        Tell(symbol);
        Send(NodeId.Boards, symbol.Message);
    }

    private void Repeat()
    {
        _repeatAtMs = World.NowMs + RepeatMs;
        if (!_isSeeded)
            Send(NodeId.Clearing, new SeedMessage(1, seedE8));
        foreach (Symbol symbol in _symbols)
            Tell(symbol);

        // Tables of marks do not answer: each hears of every symbol again, sooner or later.
        Send(NodeId.Boards, _symbols[Random.Below(_symbols.Length)].Message);
    }

    private void Tell(Symbol symbol)
    {
        if (symbol.BookVersion < symbol.Version)
            Send(NodeId.Book(symbol.Id), symbol.Message);
        if (symbol.MarkVersion < symbol.Version)
            Send(NodeId.Mark(symbol.Id), symbol.Message);
        if (symbol.Hand is { } hand)
            Send(NodeId.Mark(symbol.Id), hand);
    }

    private void Move(Symbol symbol)
    {
        long first = Venue.FirstIndexTicks(symbol.Id);
        long perTenThousand = Random.Chance(8_000) ? Random.Between(-1_200, 1_200) : Random.Between(-40, 40);
        if (symbol.IndexTicks < first / 2)
            perTenThousand = Math.Abs(perTenThousand);
        else if (symbol.IndexTicks > first * 2)
            perTenThousand = -Math.Abs(perTenThousand);
        symbol.IndexTicks += symbol.IndexTicks * perTenThousand / 10_000;
    }

    private sealed class Symbol(Instrument instrument)
    {
        public Instrument Instrument => instrument;

        public int Id => instrument.SymbolId;

        public ulong Version { get; set; } = 1;

        public ulong BookVersion { get; set; }

        public ulong MarkVersion { get; set; }

        public TradingState State { get; set; }

        public long ResumeAtMs { get; set; }

        /// <summary>It is being delisted, or was, at this price; 0: not.</summary>
        public long SettlementTicks { get; set; }

        public ulong HandNumber { get; set; }

        /// <summary>What was done by hand and is not answered.</summary>
        public NodeMessage? Hand { get; set; }

        public ulong IndexNumber { get; set; }

        public long IndexTicks { get; set; } = Venue.FirstIndexTicks(instrument.SymbolId);

        /// <summary>The mark has taken the last index.</summary>
        public bool IsPosted { get; set; }

        public bool IsTaken => BookVersion == Version && MarkVersion == Version;

        public InstrumentMessage Message => new(Version, instrument, State, SettlementTicks);
    }
}
