using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Journaling;
using Exchange.Core.Port;
using Exchange.Core.Tests.Instruments;
using Exchange.Core.Views;
using Exchange.Storage.Files;

namespace Exchange.Embedded.Tests.Backups;

/// <summary>A venue that trades, and what its journal leads to at any of its records.</summary>
internal sealed class VenueLoad(int seed)
{
    public const string Version = "1.0.0";
    private const uint Accounts = 6;
    private readonly Random _random = new(seed);

    public static EmbeddedOptions Options(string folder, bool snapshotOnStop = true, bool hasReplica = true, int eventsKept = 131_072) => new()
    {
        Directory = folder,
        Version = Version,
        SegmentBytes = 5L << 20,
        NearlyFullBytes = 0,
        SnapshotOnStop = snapshotOnStop,
        Views = new ViewLimits { OwnEvents = eventsKept },
        Host = new VenueHostOptions { CheckEveryInputs = 64 },
        Replica = hasReplica ? new ReplicaOptions { SnapshotEveryBytes = 1 << 20, SnapshotEveryInputs = 2_000, WaitsForOthers = false } : null,
    };

    public static async Task Begin(EmbeddedExchange venue)
    {
        Instrument listing = TestInstruments.Create(TestInstruments.BtcSettings() with { Symbol = "AUSDT" }, 0);
        Assert.Equal(RejectReason.None, (await venue.List(listing, CancellationToken.None)).Reason);
        for (uint account = 1; account <= Accounts; account++)
        {
            await Submit(venue, new Command { Kind = CommandKind.CreateAccount, Account = account });
            await Submit(venue, new Command { Kind = CommandKind.Deposit, Account = account, Amount = 100_000_000_000_000_000 });
        }

        await Submit(venue, new Command { Kind = CommandKind.SetMark, PriceTicks = 500_000 });
    }

    /// <summary>Orders and cancels, some hundred in flight.</summary>
    public async Task Trade(EmbeddedExchange venue, int inputs)
    {
        for (int done = 0; done < inputs; done += 100)
            await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Submit(venue, i % 3 == 2 ? NextCancel() : RandomOrder.Next(_random, Accounts)).AsTask()));
    }

    /// <summary>The replica has carried out all that is durable.</summary>
    public static Task CaughtUp(EmbeddedExchange venue) => Condition.Holds(() => venue.Replica!.Lag == 0);

    /// <summary>The state that the records of a journal lead to, from the first to one of them.</summary>
    public static UInt128 HashAt(string folder, ulong sequence)
    {
        using VenueRecovery state = VenueRecovery.Empty(limits: null, rules: null);
        using var reader = new JournalReader(folder, 0);
        reader.ReadToEnd((in JournalRecord record) =>
        {
            if (record.Sequence <= sequence)
                state.Apply(in record);
        });
        Assert.Equal(sequence, state.Sequence);
        return state.Engine.StateHash();
    }

    private static ValueTask<CommandReply> Submit(EmbeddedExchange venue, Command command) => venue.Submit(in command, CancellationToken.None);

    private Command NextCancel() => new()
    {
        Kind = CommandKind.Cancel, Account = 1 + (uint)_random.Next((int)Accounts), OrderId = (ulong)_random.Next(1, 4_000),
    };
}
