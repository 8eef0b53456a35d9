using Exchange.Core;
using Exchange.Core.Port;
using Exchange.Core.Views;
using Exchange.Embedded.Backups;
using Exchange.Embedded.Tests.Backups;
using Exchange.Storage.Files;

namespace Exchange.Embedded.Tests;

/// <summary>The replica behind the journal: the same state as the engine, snapshots and retention while it runs, and what it finds stops the venue.</summary>
public sealed class VenueReplicaTests : IDisposable
{
    private const int Inputs = 12_000;
    private readonly string _folder = Directory.CreateTempSubdirectory("exchange-replica-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_comes_to_the_engines_state_takes_snapshots_and_deletes_the_journal_behind_them()
    {
        using EmbeddedExchange venue = Open();
        await Deposit(venue, Inputs);
        string first = Path.Combine(_folder, "segment-0000000001.journal");

        for (int round = 0; File.Exists(first) && round < 100; round++)
            await Deposit(venue, Inputs);
        await VenueLoad.CaughtUp(venue);
        venue.Dispose();

        Assert.False(File.Exists(first));
        Assert.Null(venue.Failure);
        Assert.True(venue.Replica!.SnapshotSequence > 2_000);
        VenueVerification.Report report = VenueVerification.Run(_folder, TimeProvider.System);
        Assert.Equal(2, report.Snapshots);
        Assert.True(report.Commands < (ulong)venue.Replica.Sequence);
        using EmbeddedExchange again = Open();
        Assert.Equal(report.StateHash, await again.Ask(engine => engine.StateHash(), CancellationToken.None));
    }

    [Fact]
    public async Task A_start_replays_only_what_is_behind_its_snapshot()
    {
        using (EmbeddedExchange venue = Open(snapshotOnStop: false))
        {
            await Deposit(venue, Inputs);
            await VenueLoad.CaughtUp(venue);
        }

        using EmbeddedExchange again = Open();

        Assert.InRange(again.Recovery.Records, 0UL, Inputs / 2UL);
        Assert.Equal(Inputs, (await again.GetAccount(1, CancellationToken.None))!.WalletE8);
    }

    /// <summary>As after hours of more than it can follow: it needs nothing but the journal's files, which stay until it has done with them.</summary>
    [Fact]
    public async Task Far_behind_it_catches_up_from_the_journals_files_and_takes_its_share_of_the_processors()
    {
        using (EmbeddedExchange venue = Open(snapshotOnStop: false, hasReplica: false))
        {
            await Deposit(venue, 4 * Inputs);
        }

        using EmbeddedExchange again = Open(options: new ReplicaOptions { SnapshotEveryInputs = 5_000, PatientRecords = 1_000 });
        string first = Path.Combine(_folder, "segment-0000000001.journal");
        for (int round = 0; File.Exists(first) && round < 100; round++)
            await Deposit(again, Inputs);
        await VenueLoad.CaughtUp(again);

        Assert.False(File.Exists(first));
        Assert.True(again.Replica!.Hurried > 0);
        again.Dispose();
        Assert.Null(again.Failure);
        Assert.Equal(2, VenueVerification.Run(_folder, TimeProvider.System).Snapshots);
    }

    [Fact]
    public async Task What_somebody_who_reads_the_folder_keeps_goes_when_he_is_gone()
    {
        using EmbeddedExchange venue = Open();
        string first = Path.Combine(_folder, "segment-0000000001.journal");
        using (FolderHold.Take(_folder))
        {
            for (int round = 0; Directory.GetFiles(_folder, "segment-*.journal").Length < 6 && round < 100; round++)
                await Deposit(venue, Inputs);
            await VenueLoad.CaughtUp(venue);
            Assert.True(File.Exists(first));
        }

        await Condition.Holds(() => !File.Exists(first));
    }

    /// <summary>F12: an engine that did what no input told it to shows it at the next check.</summary>
    [Fact]
    public async Task An_engine_that_does_other_things_than_its_journal_says_is_stopped_at_the_next_check()
    {
        using EmbeddedExchange venue = Open();
        await Deposit(venue, 10);
        await venue.Ask(Err, CancellationToken.None);

        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            while (true)
                await Deposit(venue, 100);
        });

        Assert.Contains("replica", venue.Failure!.Message, StringComparison.Ordinal);
        Assert.Contains("Outputs up to record", venue.Failure.InnerException!.Message, StringComparison.Ordinal);
        venue.Dispose();
        Assert.Empty(Directory.GetFiles(_folder, "*.snapshot"));
    }

    [Fact]
    public async Task An_engine_in_another_state_than_its_journal_leads_to_leaves_no_snapshot_when_it_stops()
    {
        EmbeddedExchange venue = Open();
        await Deposit(venue, 10);
        await venue.Ask(Err, CancellationToken.None);

        venue.Dispose();

        Assert.Contains("not in the state", venue.Failure!.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(_folder, "*.snapshot"));
    }

    /// <summary>F3: what was acknowledged cannot be read back; what the engine knows is kept.</summary>
    [Fact]
    public async Task A_journal_that_cannot_be_read_back_stops_the_venue_and_its_state_is_saved()
    {
        long deposits = 0;
        using (EmbeddedExchange venue = Open())
        {
            // The replica may have been quicker; then the next one.
            for (; venue.Failure is null && deposits < 1_000; deposits++)
            {
                await Record.ExceptionAsync(() => Deposit(venue, 1));
                DamageLastBatch();
            }

            Assert.IsType<JournalDamagedException>(venue.Failure!.InnerException);
        }

        using VenueRecovery saved = VenueRecovery.Begin(_folder, limits: null, rules: null);
        Assert.InRange(AccountReader.Read(saved.Engine, 1)!.WalletE8, deposits - 1, deposits);

        // The damaged journal refuses the start; the snapshot alone restores.
        Assert.Throws<JournalDamagedException>(() => Open());
        string restored = _folder + "-restored";
        try
        {
            VenueVerification.Report made = VenueRestore.Run(
                _folder, restored, saved.Sequence, new EmbeddedOptions { Directory = _folder }.Version, TimeProvider.System);
            Assert.Equal(saved.Engine.StateHash(), made.StateHash);
        }
        finally
        {
            Directory.Delete(restored, recursive: true);
        }
    }

    [Theory]
    [InlineData(1L << 19, 1_000)]
    [InlineData(1L << 20, 999)]
    public void Settings_that_would_do_nothing_but_snapshots_are_refused(long bytes, long inputs) =>
        Assert.Throws<ArgumentException>(() => Open(options: new ReplicaOptions { SnapshotEveryBytes = bytes, SnapshotEveryInputs = inputs }));

    private static bool Err(Engine engine)
    {
        engine.Apply(new Command { Kind = CommandKind.Deposit, Account = 1, Amount = 1 }, engine.TimeMs, new EngineOutput());
        return true;
    }

    private void DamageLastBatch()
    {
        using FileStream file = new(Path.Combine(_folder, "segment-0000000001.journal"), FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        file.Position = bytes.AsSpan().LastIndexOfAnyExcept((byte)0) - 1;
        file.WriteByte(0x77);
    }

    private EmbeddedExchange Open(bool snapshotOnStop = true, ReplicaOptions? options = null, bool hasReplica = true) => EmbeddedExchange.Open(
        new EmbeddedOptions
        {
            Directory = _folder,
            SegmentBytes = 5L << 20,
            NearlyFullBytes = 0,
            SnapshotOnStop = snapshotOnStop,
            Host = new VenueHostOptions { CheckEveryInputs = 256 },
            Replica = !hasReplica ? null : options ?? new ReplicaOptions { SnapshotEveryBytes = 1 << 20, SnapshotEveryInputs = 5_000, WaitsForOthers = false },
        },
        TimeProvider.System);

    private static async Task Deposit(EmbeddedExchange venue, int inputs)
    {
        var create = new Command { Kind = CommandKind.CreateAccount, Account = 1 };
        await venue.Submit(in create, CancellationToken.None);
        for (int i = 0; i < inputs; i += 1_000)
        {
            Task<CommandReply>[] deposits = [.. Enumerable.Range(0, Math.Min(1_000, inputs - i)).Select(_ =>
            {
                var deposit = new Command { Kind = CommandKind.Deposit, Account = 1, Amount = 1 };
                return venue.Submit(in deposit, CancellationToken.None).AsTask();
            })];
            await Task.WhenAll(deposits);
        }
    }
}
