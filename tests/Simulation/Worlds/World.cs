using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Units;
using Exchange.Simulation.Checks;
using Exchange.Simulation.Clients;
using Exchange.Simulation.Hosts;
using Exchange.Simulation.Networks;

namespace Exchange.Simulation.Worlds;

/// <summary>A whole exchange on one thread: books, their marks, Clearing, accounts with their clients, an operator; one seed decides all.</summary>
internal sealed partial class World
{
    private readonly Place[] _places;
    private readonly Participant[] _all;
    private readonly Dictionary<NodeId, Participant> _byId;
    private readonly NodeId[] _boards;
    private readonly PriorityQueue<Action, (long DueMs, ulong Order)> _due = new();
    private readonly OperatorNode _operator;
    private readonly Network _network;
    private readonly MoneyCheck _money;
    private readonly Trace? _trace;
    private ulong _dueOrder;

    public World(ulong seed, Faults faults, Mutant mutant = Mutant.None, Trace? trace = null)
    {
        Random = new SplitMix(seed);
        Mutant = mutant;
        _trace = trace;
        Faults = faults.Mixed(Random);
        _network = new Network(Random) { Faults = Faults };
        Size = WorldSize.Drawn(Random);
        Settings = new NodeSettings
        {
            RepeatMs = Random.Between(300, 800), EventsAtOnce = 1 + Random.Below(64), SliceAccounts = 1 + Random.Below(3),
            LeaveIdleMs = Random.Between(1_000, 20_000), ForgetClientMs = 60_000, AccountTickMs = Random.Between(100, 900),
        };
        Instruments = Venue.Instruments(Size.Books);

        // The first hour ends early in the run, so that funding runs while all are at work.
        NowMs = 500_000 * InstrumentLimits.HourMs - Random.Between(10_000, 90_000);
        trace?.Happened(NowMs, "world", $"{Size.Books} books, {Size.Accounts} accounts, {Faults}");
        Books = [.. Instruments.Select(instrument => new BookPlace(this, instrument.SymbolId))];
        Marks = [.. Instruments.Select(instrument => new MarkPlace(this, instrument.SymbolId))];
        Clearing = new ClearingPlace(this);
        Accounts = [.. Enumerable.Range(1, Size.Accounts).Select(account => new AccountPlace(this, (uint)account))];
        Clients = [.. Accounts.SelectMany(account => ClientsOf(account.Account))];

        // Too small for what the crashes cost.
        _operator = new OperatorNode(this, Random.Between(1, Random.Chance(50_000) ? 30 : 1_000) * Size.Times * Rounding.OneE8);
        _places = [.. Books, .. Marks, Clearing, .. Accounts];
        _all = [.. _places, .. Clients, _operator];
        _byId = _all.ToDictionary(participant => participant.Id);
        _boards = [.. Accounts.Select(account => account.Id)];
        _money = new MoneyCheck(this);
        foreach (Place place in _places)
            place.Start();
        if (Size.Books >= 12)
            Happenings.Count(Happening.LargeWorld);
    }

    public SplitMix Random { get; }

    public Mutant Mutant { get; }

    public WorldSize Size { get; }

    public NodeSettings Settings { get; }

    public Happenings Happenings { get; } = new();

    public Faults Faults { get; private set; }

    public long NowMs { get; private set; }

    public int Steps { get; private set; }

    /// <summary>New commands are invented and prices move; over once the world is to come to rest.</summary>
    public bool ClientsAct { get; private set; } = true;

    public Instrument[] Instruments { get; }

    public BookPlace[] Books { get; }

    public MarkPlace[] Marks { get; }

    public ClearingPlace Clearing { get; }

    public AccountPlace[] Accounts { get; }

    public ClientNode[] Clients { get; }

    public long IndexTicks(int symbol) => _operator.IndexTicks(symbol);

    public AccountPlace PlaceOf(uint account) => Accounts[account - 1];

    public void Run(int steps)
    {
        for (int i = 0; i < steps; i++)
            Step();
    }

    /// <summary>Time goes on by some ms; what is due happens, and perhaps a fault strikes.</summary>
    public void Step()
    {
        Steps++;
        NowMs += Random.Between(1, 99);
        if (Random.Chance(Faults.TimePassed))
            NowMs += InstrumentLimits.HourMs;
        Strike();
        while (_due.TryPeek(out Action? act, out (long DueMs, ulong Order) key) && key.DueMs <= NowMs)
        {
            _due.Dequeue();
            act();
        }

        while (_network.TryTake(NowMs, out Envelope envelope))
            Deliver(in envelope);
        foreach (Participant participant in _all)
            participant.Step();

        // In a large world every check is dear, and what is wrong stays wrong.
        if (Steps % (Size.Times * Size.Times) == 0)
            _money.Check();
        if (Steps % (50 * Size.Times) == 0)
        {
            CheckMachines();
            _money.CheckDurable();
        }
    }

    /// <summary>Carries something out at a time, between messages.</summary>
    public void At(long dueMs, Action act) => _due.Enqueue(act, (dueMs, _dueOrder++));

    public void Send(NodeId from, NodeId to, NodeMessage message)
    {
        _trace?.Sent(NowMs, Name(from), Name(to), message);
        if (message is LeftMessage { Refusal: RejectReason.None })
            Happenings.Count(Happening.BookLeft);
        if (message is BatchMessage batch && Mutant == Mutant.AnswersAreNotNamed)
            _sentBatches[(from, (int)to.Key)] = batch;
        _network.Send(from, to == NodeId.Boards ? _boards : [to], message, NowMs);
    }

    public void Trace(Participant participant, string what) => _trace?.Happened(NowMs, Name(participant.Id), what);

    private static string Name(NodeId node) => node.ToString().ToLowerInvariant();

    /// <summary>One edge or two; both speak for the same owner.</summary>
    private IEnumerable<ClientNode> ClientsOf(uint account)
    {
        var source = new CommandSource(this, account);
        int count = Random.Chance(25_000) ? 2 : 1;
        for (uint i = 0; i < count; i++)
            yield return new ClientNode(this, account * 10 + i, account, source);
    }

    /// <summary>What every machine says must hold of itself.</summary>
    private void CheckMachines()
    {
        foreach (Place place in _places)
            place.Living?.CheckInvariants();
    }

    private void Deliver(in Envelope envelope)
    {
        if (Random.Chance(Faults.KilledBetweenMessages))
            KillAny();
        NodeMessage message = envelope.Open();
        bool strikes = Faults.KilledInLiquidation != 0 && IsOfLiquidation(message) && Random.Chance(Faults.KilledInLiquidation);
        if (strikes && !KillAccountOf(in envelope))
            return;
        Participant to = _byId[envelope.To];
        if (to is Place { IsUp: false })
            return;
        _trace?.Received(NowMs, Name(envelope.From), Name(envelope.To), message);
        to.Receive(envelope.From, message);
    }
}
