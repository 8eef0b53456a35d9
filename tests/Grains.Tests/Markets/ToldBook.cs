using Exchange.Core.Books;
using Exchange.Core.Marks;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Views;
using Exchange.Core.Wire;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Markets;
using Exchange.Grains.Tests.Support;

namespace Exchange.Grains.Tests.Markets;

/// <summary>A book with its market data over a journal in memory, as a grain hosts it; it dies and comes up again as it is told.</summary>
internal sealed class ToldBook : IJournalHost
{
    private readonly List<byte[]> _journal = [];
    private readonly ViewLimits _limits;
    private readonly int _mostKept;
    private readonly Func<string, MarketBatch, Task<MarketPlace>> _call;
    private readonly uint[] _batches = new uint[3];
    private byte[]? _saved;
    private BookNode _node;
    private BookMarket _market;
    private MarketTeller _teller;
    private uint _epoch;
    private int _cut;
    private int _durable;
    private bool _isOver;

    public ToldBook(ViewLimits limits, int mostKept, Func<string, MarketBatch, Task<MarketPlace>> call)
    {
        _limits = limits;
        _mostKept = mostKept;
        _call = call;
        (_node, _market, _teller) = Begin();
        _node.Receive(NodeId.Operator, new InstrumentMessage(1, TestInstruments.Create(0), TradingState.Trading));
        _node.Receive(NodeId.Mark(0), new MarkMessage(0, new MarkUpdate(1, 500_000, NowMs)));
        Register();
        MakeDurable();
    }

    public long NowMs { get; set; } = 1_700_000_000_000;

    public int FollowerCount => _teller.FollowerCount;

    void IJournalHost.Append(ReadOnlySpan<byte> record) => _journal.Add(record.ToArray());

    void INodeHost.Send(NodeId to, NodeMessage message)
    {
    }

    void INodeHost.StepDown(string why) => Assert.Fail(why);

    public void Follow(string silo, MarketPlace heard) => _teller.Follow(silo, heard);

    public void Place(uint account, Side side, long lots, long priceTicks)
    {
        var command = new BookInput
        {
            Kind = BookInputKind.Place, Account = account, Epoch = _epoch, Batch = ++_batches[account], Count = 1, ReserveTicks = priceTicks,
            WorstTicks = priceTicks,
            Terms = new OrderTerms { Side = side, PriceTicks = priceTicks, Lots = lots, Fields = OrderFields.Price | OrderFields.Lots },
        };
        _node.Receive(NodeId.Account(account), new BatchMessage(account, _epoch, command.Batch, 0, default, [command]));
    }

    public void SetState(TradingState state) =>
        _node.Receive(NodeId.Operator, new InstrumentMessage(_node.Version + 1, TestInstruments.Create(0), state));

    /// <summary>An append begins: of all there is.</summary>
    public void BeginAppend()
    {
        _teller.Cut();
        _cut = _journal.Count;
    }

    /// <summary>The append that was begun has ended well.</summary>
    public void EndAppend()
    {
        _durable = _cut;
        _teller.Release((ulong)_durable);
    }

    public void MakeDurable()
    {
        BeginAppend();
        EndAppend();
    }

    /// <summary>Writes the state, and forgets the journal before it.</summary>
    public void Save()
    {
        MakeDurable();
        var writer = new SnapshotWriter();
        _node.WriteSnapshot(writer);
        _market.Write(writer);
        _saved = writer.Written.ToArray();
    }

    /// <summary>What is not durable is lost, and another activation takes over.</summary>
    public void Die()
    {
        _journal.RemoveRange(_durable, _journal.Count - _durable);
        _isOver = true;
        _cut = _durable;
        (_node, _market, _teller) = Begin();
        Register();
    }

    /// <summary>What readers are shown by the journal alone, from its first record on.</summary>
    public byte[] Shown()
    {
        var market = new BookMarket(0, _limits, () => null);
        var node = new BookNode(NoHost.One, 0, observer: market);
        foreach (byte[] record in _journal.Take(_durable))
            node.Replay(record);
        return Bytes(market.Write);
    }

    public static byte[] Bytes(Action<SnapshotWriter> write)
    {
        var writer = new SnapshotWriter();
        write(writer);
        return writer.Written.ToArray();
    }

    private (BookNode Node, BookMarket Market, MarketTeller Teller) Begin()
    {
        _epoch++;
        _isOver = false;
        uint epoch = _epoch;
        BookNode? node = null;
        var market = new BookMarket(0, _limits, () => node!.Book);
        node = new BookNode(this, 0, observer: market);
        if (_saved is not null)
        {
            var reader = new SnapshotReader(_saved);
            node.Restore(reader);
            market.Read(reader);
        }

        var teller = new MarketTeller(
            node, market, _mostKept, silo => batch => _call(silo, batch), () => _isOver || epoch != _epoch);
        teller.Begin(epoch);
        foreach (byte[] record in _journal.Take(_durable).Skip((int)node.Sequence))
            node.Replay(record);
        teller.Cut();
        teller.Release((ulong)_durable);
        node.Start();
        return (node, market, teller);
    }

    private void Register()
    {
        Array.Clear(_batches);
        for (uint account = 1; account <= 2; account++)
            _node.Receive(NodeId.Account(account), new RegisterMessage(account, _epoch, 0, 0, 0));
    }
}
