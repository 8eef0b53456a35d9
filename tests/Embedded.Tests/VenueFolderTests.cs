using Exchange.Core;
using Exchange.Core.Port;
using Exchange.Core.Wire;
using Exchange.Storage.Files;

namespace Exchange.Embedded.Tests;

/// <summary>What a venue's folder takes and refuses (docs/faults.md F8, F9, F10, F12).</summary>
public sealed class VenueFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("exchange-venue-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_folder_in_use_is_refused()
    {
        using EmbeddedExchange first = Open();
        await Create(first, 1);

        Assert.ThrowsAny<IOException>(() => Open());
    }

    [Fact]
    public async Task Another_version_goes_on_from_a_snapshot_and_replays_nothing_of_the_old_one()
    {
        using (EmbeddedExchange old = Open("1.0.0"))
            await Create(old, 1);
        using (EmbeddedExchange next = Open("2.0.0"))
            await Create(next, 2);
        using EmbeddedExchange again = Open("2.0.0");
        Assert.NotNull(await again.GetAccount(1, CancellationToken.None));
        Assert.NotNull(await again.GetAccount(2, CancellationToken.None));
    }

    [Fact]
    public async Task Another_versions_commands_behind_the_snapshot_are_refused_by_name()
    {
        using (EmbeddedExchange old = Open("1.0.0", snapshotOnStop: false))
            await Create(old, 1);

        VenueVersionException refusal = Assert.Throws<VenueVersionException>(() => Open("2.0.0"));

        Assert.Equal("1.0.0", refusal.Writer);
        using EmbeddedExchange same = Open("1.0.0");
        Assert.NotNull(await same.GetAccount(1, CancellationToken.None));
    }

    [Fact]
    public async Task A_folder_verifies_after_a_stop_with_and_without_snapshot()
    {
        using (EmbeddedExchange venue = Open(snapshotOnStop: false))
            await Create(venue, 1);
        using (EmbeddedExchange venue = Open())
            await Create(venue, 2);

        VenueVerification.Report report = VenueVerification.Run(_folder, TimeProvider.System);

        Assert.Equal(2UL, report.Commands);
        Assert.Equal(1, report.Snapshots);
    }

    [Fact]
    public async Task A_snapshot_of_another_state_is_found_out()
    {
        using (EmbeddedExchange venue = Open(snapshotOnStop: false))
            await Create(venue, 1);
        VenueRecovery.Save(_folder, new Engine(), views: null, own: null, sequence: 3, version: "1.0.0");

        InvariantException found = Assert.Throws<InvariantException>(() => VenueVerification.Run(_folder, TimeProvider.System));

        Assert.Contains("snapshot at 3", found.Message, StringComparison.Ordinal);
    }

    /// <summary>A journal of an engine that did otherwise: intact to the last byte, and still not this engine's (F12).</summary>
    [Theory]
    [InlineData(0UL, true)]
    [InlineData(1UL, false)]
    public void A_journal_that_leads_to_other_outputs_than_it_says_is_refused(ulong difference, bool isTaken)
    {
        var engine = new Engine();
        var create = new Command { Kind = CommandKind.CreateAccount, Account = 1 };
        engine.Apply(in create, 1, new EngineOutput());
        byte[] payload = new byte[CommandCodec.MaxBytes];
        using (FileJournal journal = FileJournal.Open(
            new FileJournalOptions { Directory = _folder, SegmentBytes = 8L << 20, NearlyFullBytes = 0 }, 0, (in _) => { }))
        {
            Assert.True(journal.TryAppend(1, 1, VenueHost.OpenedKind, "1.0.0"u8));
            Assert.True(journal.TryAppend(2, 1, (ushort)create.Kind, payload.AsSpan(0, CommandCodec.Encode(in create, null, payload))));
            Assert.True(journal.TryAppend(3, 1, VenueHost.CheckKind, BitConverter.GetBytes(engine.OutputHash + difference)));
            Assert.True(journal.WaitDurable(3));
        }

        if (isTaken)
        {
            VenueVerification.Run(_folder, TimeProvider.System);
            Open().Dispose();
            return;
        }

        Assert.Throws<InvariantException>(() => VenueVerification.Run(_folder, TimeProvider.System));
        InvariantException refusal = Assert.Throws<InvariantException>(() => Open());
        Assert.Contains("record 3", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>Whoever can write to the folder can make the checksums right.</summary>
    [Fact]
    public void A_snapshot_changed_with_its_checksum_is_refused_in_words()
    {
        var engine = new Engine();
        for (uint account = 1; account <= 5; account++)
        {
            engine.Apply(new Command { Kind = CommandKind.CreateAccount, Account = account }, 1, new EngineOutput());
            engine.Apply(new Command { Kind = CommandKind.Deposit, Account = account, Amount = 1_000 }, 2, new EngineOutput());
        }

        var writer = new SnapshotWriter();
        engine.Snapshot(writer);
        writer.Write(false);
        byte[] whole = writer.Written.ToArray();
        ulong hash = (ulong)engine.StateHash();
        for (int at = 0; at < whole.Length - 1; at++)
        {
            byte[] bytes = [.. whole];
            bytes[at] ^= 0x81;
            new SnapshotStore(_folder).Save(new SnapshotInfo { Sequence = 6, TimeMs = 0, StateHash = hash, WriterVersion = "1.0.0" }, bytes);
            Exception? refusal = Record.Exception(() => VenueRecovery.Begin(_folder, limits: null, rules: null));
            Assert.True(refusal is SnapshotException or InvariantException, $"byte {at} of {whole.Length}: {refusal}");
        }
    }

    private EmbeddedExchange Open(string version = "1.0.0", bool snapshotOnStop = true) => EmbeddedExchange.Open(
        new EmbeddedOptions { Directory = _folder, Version = version, SegmentBytes = 8L << 20, NearlyFullBytes = 0, SnapshotOnStop = snapshotOnStop },
        TimeProvider.System);

    private static async Task Create(EmbeddedExchange venue, uint account)
    {
        var command = new Command { Kind = CommandKind.CreateAccount, Account = account };
        Assert.Equal(RejectReason.None, (await venue.Submit(in command, CancellationToken.None)).Reason);
    }
}
