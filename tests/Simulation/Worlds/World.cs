using Exchange.Core.Instruments;
using Exchange.Simulation.Accounts;
using Exchange.Simulation.Books;
using Exchange.Simulation.Checks;
using Exchange.Simulation.Clearing;
using Exchange.Simulation.Clients;
using Exchange.Simulation.Marks;
using Exchange.Simulation.Networks;

namespace Exchange.Simulation.Worlds;

/// <summary>A whole exchange on one thread: two books, their marks, Clearing, three accounts with their clients; one seed decides all.</summary>
internal sealed partial class World
{
    public const int BookCount = 2;
    private const uint AccountCount = 3;
    private readonly Node[] _nodes;
    private readonly IndexFeed[] _feeds;
    private readonly Network _network;
    private readonly MoneyCheck _money;
    private readonly Trace? _trace;

    public World(ulong seed, Faults faults, Mutant mutant = Mutant.None, Trace? trace = null)
    {
        Random = new SplitMix(seed);
        Mutant = mutant;
        _trace = trace;
        Faults = faults.Mixed(Random);
        _network = new Network(Random) { Faults = Faults };
        Instruments = Venue.Instruments();
        Accounts = [.. Enumerable.Range(1, (int)AccountCount).Select(account => (uint)account)];

        // The first hour ends early in the run, so that funding runs while all are at work.
        NowMs = 500_000 * InstrumentLimits.HourMs - Random.Between(10_000, 90_000);
        int id = 0;
        Books = [.. Instruments.Select(instrument => new BookNode(this, id++, instrument))];
        Marks = [.. Instruments.Select(instrument => new MarkNode(this, id++, instrument))];
        Clearing = new ClearingNode(this, id++);
        AccountNodes = [.. Accounts.Select(account => new AccountNode(this, id++, account))];
        Clients = [.. Accounts.Select(account => new ClientNode(this, id++, account))];
        _nodes = [.. Books, .. Marks, Clearing, .. AccountNodes, .. Clients];
        _feeds = [.. Instruments.Select((instrument, symbol) => new IndexFeed(this, symbol, instrument))];
        _money = new MoneyCheck(this);
        foreach (Node node in _nodes)
            node.Start();

        // Too small for what the crashes cost.
        Clearing.Seed(Random.Between(1, 1_000) * Core.Units.Rounding.OneE8);
    }

    public SplitMix Random { get; }

    public Mutant Mutant { get; }

    public Faults Faults { get; private set; }

    public long NowMs { get; private set; }

    public int Steps { get; private set; }

    /// <summary>New commands are invented and prices move; over once the world is to come to rest.</summary>
    public bool ClientsAct { get; private set; } = true;

    public Instrument[] Instruments { get; }

    public uint[] Accounts { get; }

    public BookNode[] Books { get; }

    public MarkNode[] Marks { get; }

    public ClearingNode Clearing { get; }

    public AccountNode[] AccountNodes { get; }

    public ClientNode[] Clients { get; }

    public int ClearingId => Clearing.Id;

    public int BookNodeOf(int symbol) => Books[symbol].Id;

    public int MarkNodeOf(int symbol) => Marks[symbol].Id;

    public int AccountNodeOf(uint account) => AccountNodes[account - 1].Id;

    public int ClientNodeOf(uint account) => Clients[account - 1].Id;

    public long IndexTicks(int symbol) => _feeds[symbol].Ticks;

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
        if (Random.Chance(Faults.ClockJumped))
            NowMs += InstrumentLimits.HourMs;
        Strike();
        foreach (IndexFeed feed in _feeds)
            feed.Tick();
        while (_network.TryTake(NowMs, out Envelope envelope))
        {
            if (Random.Chance(Faults.KilledBetweenMessages))
                KillAny();
            bool strikes = IsOfLiquidation(envelope.Message) && Random.Chance(Faults.KilledInLiquidation);
            if (!strikes || KillAccountOf(in envelope))
                Deliver(in envelope);
        }

        foreach (Node node in _nodes)
        {
            if (node.IsUp)
                node.Tick();
        }

        _money.Check();
        if (Steps % 50 == 0)
            CheckMachines();
    }

    /// <summary>What every machine says must hold of itself.</summary>
    private void CheckMachines()
    {
        foreach (BookNode node in Books)
            node.Book.CheckInvariants();
        foreach (MarkNode node in Marks)
            node.Mark.Alarms.CheckInvariants();
        foreach (AccountNode node in AccountNodes)
            node.CheckInvariants();
    }

    public void Send(Node from, int to, Message message)
    {
        _trace?.Sent(NowMs, from.Name, _nodes[to].Name, message);
        _network.Send(from.Id, to, message, NowMs);
    }

    public void SendFromOutside(int to, Message message) => _network.Send(-1, to, message, NowMs);

    public void Trace(Node node, string what) => _trace?.Happened(NowMs, node.Name, what);

    private void Deliver(in Envelope envelope)
    {
        Node to = _nodes[envelope.To];
        if (!to.IsUp)
            return;
        _trace?.Received(NowMs, to.Name, envelope.Message);
        to.Receive(envelope.From, envelope.Message);
    }
}
