using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Tests.Instruments;
using Exchange.Core.Wire;

namespace Exchange.Core.Tests.Fuzz;

/// <summary>What the venue reads back from its disk, when its checksums are right and its content is not (docs/faults.md F3, F7, P6).</summary>
public sealed class RecordFuzzTests
{
    private const int MostBytes = 4_096;
    private static readonly int Inputs = TestScale.Of(30_000, 5_000_000);

    /// <summary>The table of accounts has a word for each id up to the highest that a snapshot names.</summary>
    private const long MostTables = 2 * 8L * EngineLimits.MaxAccountId;
    private static readonly byte[][] Tokens = [[0], [0xff], [1, 0, 0, 0], [0xff, 0xff, 0xff, 0xff], [0xff, 0xff, 0xff, 0x7f], new byte[64]];

    [Theory]
    [InlineData(CommandKind.Place)]
    [InlineData(CommandKind.Amend)]
    [InlineData(CommandKind.ListInstrument)]
    public void A_command_of_the_journal_is_read_or_refused(CommandKind kind)
    {
        byte[] good = new byte[CommandCodec.MaxBytes];
        var command = new Command
        {
            Kind = kind, Account = 7, Symbol = 1, OrderId = 9, PriceTicks = 500_000, Lots = 3,
            Terms = new OrderTerms { Symbol = 1, PriceTicks = 500_000, Lots = 3, Fields = OrderFields.Price | OrderFields.Lots },
        };
        int length = CommandCodec.Encode(in command, TestInstruments.Btc(), good);
        var mutator = new Mutator((int)kind, [good[..length]], Tokens, MostBytes);

        int accepted = FuzzRun.Of(mutator, Inputs, 16 * MostBytes, bytes => Accepts(() => CommandCodec.Decode((ushort)kind, bytes.Span, out _, out _)));

        Assert.InRange(accepted, 1, Inputs - 1);
    }

    [Fact]
    public void A_snapshot_is_restored_or_refused()
    {
        Engine engine = Traded();
        var writer = new SnapshotWriter(1 << 12);
        engine.Snapshot(writer);
        byte[] good = writer.Written.ToArray();
        int inputs = Inputs / 30; // A whole engine each.
        var mutator = new Mutator(1, [good], Tokens, 2 * good.Length);

        int refused = inputs - FuzzRun.Of(mutator, inputs, MostTables, bytes => Accepts(() =>
        {
            var restored = new Engine();
            restored.Restore(new SnapshotReader(bytes));
        }), longestMs: 1_000);

        Assert.True(refused > inputs / 2, $"{refused} of {inputs} refused");
    }

    /// <summary>A host takes these for "it does not fit"; anything else, or a hang, would be a fault.</summary>
    private static bool Accepts(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (Exception refused) when (refused is SnapshotException or InvariantException or ArithmeticException
            or IndexOutOfRangeException or ArgumentException or NullReferenceException)
        {
            return false;
        }
    }

    private static Engine Traded()
    {
        var engine = new Engine();
        var output = new EngineOutput();
        Instrument listing = TestInstruments.Btc();
        Apply(new Command { Kind = CommandKind.ListInstrument }, listing);
        Apply(new Command { Kind = CommandKind.SetMark, PriceTicks = 500_000 });
        for (uint account = 1; account <= 3; account++)
        {
            Apply(new Command { Kind = CommandKind.CreateAccount, Account = account });
            Apply(new Command { Kind = CommandKind.Deposit, Account = account, Amount = 1_000_000_000_000_000 });
            for (int i = 0; i < 4; i++)
            {
                Apply(new Command
                {
                    Kind = CommandKind.Place,
                    Account = account,
                    Terms = new OrderTerms
                    {
                        Side = (Side)(account & 1), PriceTicks = 500_000 + i, Lots = 2 + i, Fields = OrderFields.Price | OrderFields.Lots,
                    },
                });
            }
        }

        return engine;

        void Apply(Command command, Instrument? listed = null) => engine.Apply(in command, 1_000, output, listed);
    }
}
