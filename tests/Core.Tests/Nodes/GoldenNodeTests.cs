using Exchange.Core.Accounts;
using Exchange.Core.Accounts.Links;
using Exchange.Core.Books;
using Exchange.Core.Marks;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Tests.Instruments;
using Exchange.Core.Wire;
using Exchange.Tests.Shared;

namespace Exchange.Core.Tests.Nodes;

/// <summary>F10: what nodes write and say in each format, kept in golden/, is read for ever and written byte for byte.</summary>
public sealed class GoldenNodeTests
{
    private const string Written = "EXCHANGE_WRITE_GOLDEN";

    /// <summary>Behind the tag and the length of the first section.</summary>
    private const int FormatAt = 8;

    private static readonly string s_golden = RepositoryRoot.Combine("tests", "Core.Tests", "Nodes", "golden");
    private static readonly string s_folder = Path.Combine(s_golden, "nodes-2");

    public static TheoryData<string> Files() => [.. Made().Keys];

    /// <summary>The format has changed if this fails: raise its version, keep the old files, and say what becomes of them.</summary>
    [Theory]
    [MemberData(nameof(Files))]
    public void This_build_writes_format_2_byte_for_byte(string name)
    {
        string path = Path.Combine(s_folder, name);
        if (Environment.GetEnvironmentVariable(Written) == "1" && !File.Exists(path))
        {
            Directory.CreateDirectory(s_folder);
            File.WriteAllBytes(path, Made()[name]);
        }

        Assert.Equal(File.ReadAllBytes(path), Made()[name]);
    }

    [Theory]
    [InlineData("nodes-1")]
    [InlineData("nodes-2")]
    public void A_book_is_read_from_its_journal_and_from_its_snapshot(string folder)
    {
        var replayed = new BookNode(new FakeHost(), 0);
        foreach (byte[] record in Records("book.journal", folder))
            replayed.Replay(record);
        var restored = new BookNode(new FakeHost(), 0);
        restored.Restore(File.ReadAllBytes(Path.Combine(s_golden, folder, "book.snapshot")));

        Assert.Equal((2, 1), (replayed.Book!.OpenOrderCount, (int)replayed.Book.Position(1, 0)));
        Assert.Equal(Snapshot(replayed), Snapshot(restored));
    }

    /// <summary>Silos of different versions do not understand each other; none translates.</summary>
    [Fact]
    public void Messages_of_version_1_are_refused_by_their_number()
    {
        NodeMessageException refusal = Assert.Throws<NodeMessageException>(
            () => NodeMessageCodec.DecodeBatch(File.ReadAllBytes(Path.Combine(s_golden, "nodes-1", "messages"))));

        Assert.Equal("Messages of version 1 are not known here, 2 is.", refusal.Message);
    }

    [Fact]
    public void An_account_is_read_from_its_state()
    {
        var account = new LinkedAccount(1);
        byte[] state = File.ReadAllBytes(Path.Combine(s_folder, "account.state"));
        account.Read(new SnapshotReader(state));
        byte[] other = [.. state];
        other[FormatAt] = 9;

        Assert.Equal((5_000L, 7), (account.Account.WalletE8, account.Account.LeverageOf(0)));
        Assert.Contains("format 9", Assert.Throws<SnapshotException>(() => new LinkedAccount(1).Read(new SnapshotReader(other))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_format_is_refused_by_its_number()
    {
        byte[] snapshot = File.ReadAllBytes(Path.Combine(s_folder, "mark.snapshot"));
        snapshot[FormatAt] = 9;
        byte[] record = Records("mark.journal")[0];
        record[0] = (byte)(record[0] & 0x0f | 7 << 4);

        Assert.Contains("format 9", Assert.Throws<SnapshotException>(() => new MarkNode(new FakeHost(), 0).Restore(snapshot)).Message, StringComparison.Ordinal);
        Assert.Contains("format 7", Assert.Throws<SnapshotException>(() => new MarkNode(new FakeHost(), 0).Replay(record)).Message, StringComparison.Ordinal);
    }

    private static Dictionary<string, byte[]> Made()
    {
        var made = new Dictionary<string, byte[]> { ["messages"] = Bytes(Messages) };
        (BookNode book, FakeHost host) = Book();
        Add("book", book, host);
        (MarkNode mark, host) = Mark();
        Add("mark", mark, host);
        (ClearingNode clearing, host) = Clearing();
        Add("clearing", clearing, host);
        made["account.state"] = AccountState();
        return made;

        void Add(string name, JournaledNode node, FakeHost of)
        {
            made[$"{name}.journal"] = Bytes(writer =>
            {
                foreach (byte[] record in of.Records)
                    writer.WriteStructs<byte>(record);
            });
            made[$"{name}.snapshot"] = Snapshot(node);
        }
    }

    private static void Messages(SnapshotWriter writer) =>
        NodeMessageCodec.Encode([.. SampleMessages.All().Select(message => new NodeEnvelope(NodeId.Clearing, NodeId.Operator, message))], writer);

    private static (BookNode Node, FakeHost Host) Book()
    {
        var host = new FakeHost();
        var book = new BookNode(host, 0);
        book.Start();
        book.Receive(NodeId.Operator, new InstrumentMessage(1, TestInstruments.Btc(), TradingState.Trading));
        book.Receive(NodeId.Mark(0), new MarkMessage(0, new MarkUpdate(1, 500_000, 1_000_000)));
        foreach (uint account in (uint[])[1, 2])
        {
            book.Receive(NodeId.Account(account), new RegisterMessage(account, 1, 0, 5, 6));
            BookInput[] commands = [Place(account, 0, 500_000), Place(account, 1, account == 1 ? 499_000 : 501_000)];
            book.Receive(NodeId.Account(account), new BatchMessage(account, 1, 1, 0, default, commands)
            {
                ClientIds = account == 1 ? [] : [ClientOrderId.From("one"u8), ClientOrderId.From("two"u8)],
            });
        }

        book.Receive(NodeId.Account(1), new AcknowledgeMessage(1, 1, new Acknowledgement(2, 7, 8)));
        return (book, host);
    }

    private static BookInput Place(uint account, ushort index, long priceTicks) => new()
    {
        Kind = BookInputKind.Place, Account = account, Epoch = 1, Batch = 1, Index = index, Count = 2, ReserveTicks = priceTicks, WorstTicks = priceTicks,
        Terms = new OrderTerms
        {
            Side = account == 1 ? Side.Buy : Side.Sell, PriceTicks = priceTicks, Lots = 1, Fields = OrderFields.Price | OrderFields.Lots,
            Flags = OrderFlags.ReturnRepeats, ClientKey = new ClientKey(account, index),
        },
    };

    private static (MarkNode Node, FakeHost Host) Mark()
    {
        var host = new FakeHost();
        var mark = new MarkNode(host, 0);
        mark.Start();
        mark.Receive(NodeId.Operator, new InstrumentMessage(1, TestInstruments.Btc(), TradingState.Trading));
        mark.Receive(NodeId.Operator, new IndexMessage(1, 500_000 * TestInstruments.Btc().TickE8));
        mark.Receive(NodeId.Book(0), new SampleMessage(1, 499_999, 500_001, 500_000, true, new ImpactDepth(1, 2, 3), new ImpactDepth(4, 5, 6)));
        mark.Receive(NodeId.Account(1), new RangeMessage(new PriceRange(1, 1, 1, 400_000, long.MaxValue)));
        host.NowMs += 1_000;
        mark.Tick();
        mark.Receive(NodeId.Operator, new SetMarkMessage(1, 500_010));
        mark.Receive(NodeId.Operator, new SettleFundingMessage(2, 10));
        return (mark, host);
    }

    private static (ClearingNode Node, FakeHost Host) Clearing()
    {
        var host = new FakeHost();
        var clearing = new ClearingNode(host);
        clearing.Start();
        clearing.Receive(NodeId.Operator, new SeedMessage(1, 1_000));
        clearing.Receive(NodeId.Account(1), new ReserveMessage(1, 1, 1, 100));
        clearing.Receive(NodeId.Account(1), new SettleMessage(1, 1, 1, 60, 5));
        clearing.Receive(NodeId.Account(1), new TotalsMessage(1, 2, new AccountTotals(1, 2, 3, 4, 5)));
        clearing.Receive(NodeId.Book(0), new RemaindersMessage(0, 3, 7));
        host.NowMs += 2_000;
        clearing.Tick();
        return (clearing, host);
    }

    private static byte[] AccountState()
    {
        var host = new FakeHost();
        host.Tell(new InstrumentMessage(1, TestInstruments.Btc(), TradingState.Trading));
        host.Tell(new MarkMessage(0, new MarkUpdate(1, 500_000, 1_000_000)));
        var account = new AccountNode(host, 1);
        account.Start(1, default);
        account.Receive(NodeId.Client(1), new HelloMessage());
        ulong session = host.Take<SessionMessage>()[0].Session;
        Command[] commands =
        [
            new() { Kind = CommandKind.CreateAccount, Account = 1 },
            new() { Kind = CommandKind.Deposit, Account = 1, Key = new ClientKey(1, 1), Amount = 5_000 },
            new() { Kind = CommandKind.SetLeverage, Account = 1, Symbol = 0, Leverage = 7 },
        ];
        account.Receive(NodeId.Client(1), new CommandsMessage(session, 1, 0, commands));
        account.OnWritten(host.Written.Number);
        return host.Written.State;
    }

    private static byte[] Snapshot(JournaledNode node) => Bytes(node.WriteSnapshot);

    private static byte[] Bytes(Action<SnapshotWriter> write)
    {
        var writer = new SnapshotWriter();
        write(writer);
        return writer.Written.ToArray();
    }

    private static List<byte[]> Records(string name, string folder = "nodes-2")
    {
        var reader = new SnapshotReader(File.ReadAllBytes(Path.Combine(s_golden, folder, name)));
        var records = new List<byte[]>();
        while (!reader.IsAtEnd)
            records.Add(reader.ReadStructs<byte>(int.MaxValue));
        return records;
    }
}
