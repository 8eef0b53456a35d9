using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Port;
using Exchange.Core.Replay;
using Exchange.Core.Tests.Instruments;
using Exchange.Core.Views;
using Exchange.Core.Wire;
using Exchange.Storage.Files;

namespace Exchange.Embedded.Tests;

/// <summary>Recovery on two threads (docs/decisions/0013): the same state as on one, and what is wrong is told as there.</summary>
public sealed class VenueRecoveryTests : IDisposable
{
    private const int Orders = 5_000;
    private const uint Accounts = 6;
    private readonly string _folder = Directory.CreateTempSubdirectory("exchange-recovery-").FullName;
    private readonly Engine _engine = new();
    private readonly EngineOutput _output = new();
    private readonly byte[] _payload = new byte[CommandCodec.MaxBytes];
    private ulong _sequence;
    private readonly Random _random = new(5);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Books_run_ahead_and_the_state_is_that_of_the_engine_that_wrote_the_journal(bool hasViews)
    {
        WriteJournal(static (_, _) => { });

        using VenueRecovery recovery = Recover(hasViews ? new ViewLimits() : null);

        Assert.Equal(_engine.StateHash(), recovery.Engine.StateHash());
        Assert.Equal(_engine.OutputHash, recovery.Engine.OutputHash);
        Assert.True(recovery.Ahead > Orders / 2, $"{recovery.Ahead} inputs ahead");
        Assert.True(_engine.Books[0].TradeCount > Orders / 20, $"{_engine.Books[0].TradeCount} trades");
        if (hasViews)
            Assert.Equal(_engine.Books[0].OpenOrderCount, Enumerable.Range(1, (int)Accounts).Sum(id => recovery.Views!.GetOpenOrders((uint)id, 0).Length));
    }

    [Theory]
    [InlineData(4_000)]
    [InlineData(Orders - 1)]
    public void Outputs_that_differ_while_books_are_ahead_are_refused_with_their_record(int at)
    {
        ulong wrong = 0;
        WriteJournal((journal, i) =>
        {
            if (i != at)
                return;
            wrong = ++_sequence;
            Assert.True(journal.TryAppend(wrong, 1_000, VenueHost.CheckKind, BitConverter.GetBytes(_engine.OutputHash + 1)));
        });

        Assert.Contains($"record {wrong} ", Refusal().Message, StringComparison.Ordinal);
        Assert.Throws<InvariantException>(() => VenueVerification.Run(_folder, TimeProvider.System));
    }

    [Fact]
    public void A_record_that_lies_about_what_its_input_took_is_refused()
    {
        WriteJournal((journal, i) =>
        {
            if (i != 4_000)
                return;
            Command command = RandomOrder.Next(_random, Accounts);
            Append(journal, in command, InputCourse.NoMessage); // The engine never saw it; the account will send it.
        });

        Assert.Throws<InvariantException>(() => VenueVerification.Run(_folder, TimeProvider.System));
    }

    [Fact]
    public void A_record_that_says_an_account_allowed_what_it_never_saw_is_refused()
    {
        WriteJournal((journal, i) =>
        {
            if (i != 4_000)
                return;
            Command command = RandomOrder.Next(_random, Accounts);
            command.Terms.Lots = 1_000_000_000_000; // The account would refuse it, which a start does not ask.
            Append(journal, in command, InputCourse.Allowed);
        });

        Assert.StartsWith("Outputs", Refusal().Message, StringComparison.Ordinal);
        InvariantException verified = Assert.Throws<InvariantException>(() => VenueVerification.Run(_folder, TimeProvider.System));
        Assert.False(verified.Message.StartsWith("Outputs", StringComparison.Ordinal), "verify asks the account, and knows before the next check");
    }

    private InvariantException Refusal() => Assert.Throws<InvariantException>(() =>
    {
        using VenueRecovery recovery = Recover(null);
        return recovery.Engine;
    });

    private VenueRecovery Recover(ViewLimits? limits)
    {
        VenueRecovery recovery = VenueRecovery.Begin(_folder, limits, rules: null);
        using var reader = new JournalReader(_folder, 0);
        reader.ReadToEnd(recovery.Apply);
        return recovery;
    }

    /// <summary>Funds the accounts, then orders, cancels and checks; <paramref name="at"/> is called before each order.</summary>
    private void WriteJournal(Action<FileJournal, int> at)
    {
        using FileJournal journal = FileJournal.Open(
            new FileJournalOptions { Directory = _folder, SegmentBytes = 8L << 20, NearlyFullBytes = 0 }, 0, (in _) => { });
        Assert.True(journal.TryAppend(++_sequence, 1_000, VenueHost.OpenedKind, "1.0.0"u8));
        Instrument listing = TestInstruments.Create(TestInstruments.BtcSettings() with { Symbol = "AUSDT" }, 0);
        Write(journal, new Command { Kind = CommandKind.ListInstrument }, listing);
        for (uint account = 1; account <= Accounts; account++)
        {
            Write(journal, new Command { Kind = CommandKind.CreateAccount, Account = account });
            Write(journal, new Command { Kind = CommandKind.Deposit, Account = account, Amount = 100_000_000_000_000_000 });
        }

        Write(journal, new Command { Kind = CommandKind.SetMark, PriceTicks = 500_000 });
        for (int i = 0; i < Orders; i++)
        {
            at(journal, i);
            Write(journal, i % 3 == 2 ? NextCancel() : RandomOrder.Next(_random, Accounts));
            if (i % 500 == 499)
                Assert.True(journal.TryAppend(++_sequence, 1_000, VenueHost.CheckKind, BitConverter.GetBytes(_engine.OutputHash)));
        }

        Assert.True(journal.WaitDurable(_sequence));
    }

    private void Write(FileJournal journal, Command command, Instrument? listing = null)
    {
        _engine.Apply(in command, 1_000, _output, listing);
        Append(journal, in command, _output.Course, listing);
    }

    private void Append(FileJournal journal, in Command command, InputCourse course, Instrument? listing = null)
    {
        int length = CommandCodec.Encode(in command, listing, _payload);
        Assert.True(journal.TryAppend(++_sequence, 1_000, CommandCodec.RecordKind(command.Kind, course), _payload.AsSpan(0, length)));
    }

    private Command NextCancel() => new()
    {
        Kind = CommandKind.Cancel, Account = 1 + (uint)_random.Next((int)Accounts), OrderId = (ulong)(1 + _engine.Books[0].OpenOrderCount + _random.Next(2_000)),
    };
}
