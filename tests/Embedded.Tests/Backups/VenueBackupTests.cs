using Exchange.Core;
using Exchange.Core.Journaling;
using Exchange.Embedded.Backups;
using Exchange.Storage.Files;

namespace Exchange.Embedded.Tests.Backups;

/// <summary>F29, F30: a copy taken under load is the venue at one of its records, and so is what is restored from it.</summary>
public sealed class VenueBackupTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("exchange-backup-").FullName;

    private string Folder => Path.Combine(_root, "venue");

    private string Backup => Path.Combine(_root, "backup");

    private string Restored => Path.Combine(_root, "restored");

    public VenueBackupTests() => Directory.CreateDirectory(Folder);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Backups_taken_under_load_are_the_venue_at_their_record_and_open_as_it()
    {
        List<(string Folder, BackupStatement Statement)> backups = [];
        var load = new VenueLoad(seed: 1);
        using (EmbeddedExchange venue = Open(Folder))
        {
            await VenueLoad.Begin(venue);

            // Held to the end, so that the whole journal is there to compare with.
            using IDisposable hold = FolderHold.Take(Folder);
            await load.Trade(venue, 2_500);
            await VenueLoad.CaughtUp(venue);
            using var stop = new CancellationTokenSource();
            Task trading = Task.Run(async () =>
            {
                while (!stop.IsCancellationRequested)
                    await load.Trade(venue, 500);
            });
            for (int i = 0; i < TestScale.Of(4, 40); i++)
            {
                ulong before = backups.Count == 0 ? 0 : backups[^1].Statement.Sequence;
                await Condition.Holds(() => venue.Replica!.Sequence > before + 200);
                string to = $"{Backup}-{i}";
                backups.Add((to, VenueBackup.Take(Folder, to, TimeProvider.System)));
            }

            await stop.CancelAsync();
            await trading;
            venue.Dispose();
        }

        Assert.True(backups[^1].Statement.Sequence > backups[0].Statement.Sequence, "it traded meanwhile");
        Assert.True(backups[0].Statement.SnapshotSequence > 0);
        foreach ((string folder, BackupStatement statement) in backups)
        {
            UInt128 expected = VenueLoad.HashAt(Folder, statement.Sequence);
            Assert.Equal(expected.ToString("x32"), statement.StateHash);
            Assert.Equal(statement, BackupStatement.Read(folder));
            using EmbeddedExchange copy = Open(folder);
            Assert.Equal(statement.Sequence, copy.Recovery.LastSequence);
            Assert.Equal(expected, await copy.Ask(engine => engine.StateHash(), CancellationToken.None));
        }
    }

    [Fact]
    public async Task Any_record_behind_the_backups_snapshot_can_be_restored_and_the_venue_goes_on_from_there()
    {
        await Write(inputs: 6_000);
        BackupStatement backup = VenueBackup.Take(Folder, Backup, TimeProvider.System);
        Assert.True(backup.SnapshotSequence + 500 < backup.Sequence, $"{backup}");

        var random = new Random(3);
        ulong[] wanted =
        [
            backup.SnapshotSequence, backup.SnapshotSequence + 1, backup.Sequence,
            .. Enumerable.Range(0, TestScale.Of(4, 100)).Select(_ => (ulong)random.NextInt64((long)backup.SnapshotSequence, (long)backup.Sequence)),
        ];
        foreach (ulong sequence in wanted)
        {
            string to = $"{Restored}-{Guid.NewGuid():n}";
            VenueVerification.Report made = VenueRestore.Run(Backup, to, sequence, VenueLoad.Version, TimeProvider.System);
            Assert.Equal(sequence, made.LastSequence);
            Assert.Equal(VenueLoad.HashAt(Folder, sequence), made.StateHash);
        }

        VenueRestore.Run(Backup, Restored, wanted[^1], VenueLoad.Version, TimeProvider.System);
        using (EmbeddedExchange venue = Open(Restored))
            await new VenueLoad(seed: 9).Trade(venue, 500);
        Assert.True(VenueVerification.Run(Restored, TimeProvider.System).LastSequence > wanted[^1] + 500);
    }

    [Fact]
    public async Task A_moment_stands_for_the_last_record_that_is_not_later()
    {
        await Write(inputs: 6_000);
        BackupStatement backup = VenueBackup.Take(Folder, Backup, TimeProvider.System);
        List<(ulong Sequence, long TimeMs)> records = [];
        using (var reader = new JournalReader(Folder, 0))
            reader.ReadToEnd((in JournalRecord record) => records.Add((record.Sequence, record.TimeMs)));

        long oldest = records.Single(record => record.Sequence == backup.SnapshotSequence).TimeMs;
        var random = new Random(5);
        long[] moments =
        [
            backup.TimeMs, .. records.Where(record => record.TimeMs > oldest).Select(record => record.TimeMs - 1).Distinct().Order().Take(1),
            .. Enumerable.Range(0, TestScale.Of(20, 200)).Select(_ => random.NextInt64(oldest + 1, backup.TimeMs + 1)),
        ];
        foreach (long moment in moments)
        {
            ulong expected = records.Last(record => record.TimeMs <= moment).Sequence;
            Assert.Equal(expected, VenueRestore.SequenceAt(Folder, moment));
            Assert.Equal(expected, VenueRestore.SequenceAt(Backup, moment));
        }

        // Before the backup's snapshot it knows nothing; behind its last record it cannot know what else came.
        Assert.Throws<RestoreTimeException>(() => VenueRestore.SequenceAt(Backup, records[0].TimeMs - 1));
        Assert.Contains("end before it", Assert.Throws<RestoreTimeException>(() => VenueRestore.SequenceAt(Backup, backup.TimeMs + 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_else_lies_in_the_folder_is_copied_with_its_rights_and_what_is_half_written_is_not()
    {
        await Write(inputs: 100);
        File.WriteAllText(Path.Combine(Folder, "keys.json"), "secret");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(Folder, "keys.json"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(Path.Combine(Folder, "keys.json.new"), "half");
        Directory.CreateDirectory(Path.Combine(Folder, "audit"));
        File.WriteAllText(Path.Combine(Folder, "audit", "day"), "log");

        VenueBackup.Take(Folder, Backup, TimeProvider.System);
        VenueRestore.Run(Backup, Restored, null, VenueLoad.Version, TimeProvider.System);

        Assert.Equal("secret", File.ReadAllText(Path.Combine(Restored, "keys.json")));
        Assert.Equal("log", File.ReadAllText(Path.Combine(Restored, "audit", "day")));
        Assert.False(File.Exists(Path.Combine(Restored, "keys.json.new")));
        Assert.False(File.Exists(Path.Combine(Restored, BackupStatement.FileName)));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Path.Combine(Restored, "keys.json")));
    }

    [Fact]
    public async Task Targets_that_are_in_use_or_inside_the_source_are_refused_and_nothing_is_written()
    {
        await Write(inputs: 100);
        string[] before = Directory.GetFileSystemEntries(Folder);
        Directory.CreateDirectory(Backup);
        File.WriteAllText(Path.Combine(Backup, "mine"), "");

        foreach (string target in (string[])[Backup, Folder, Path.Combine(Folder, "inside"), Path.Combine(Backup, "mine")])
        {
            Assert.Throws<TargetFolderException>(() => VenueBackup.Take(Folder, target, TimeProvider.System));
            Assert.Throws<TargetFolderException>(() => VenueRestore.Run(Folder, target, null, VenueLoad.Version, TimeProvider.System));
        }

        Assert.Equal(before, Directory.GetFileSystemEntries(Folder));
        Assert.Throws<FileNotFoundException>(() => VenueBackup.Take(Backup, Restored, TimeProvider.System));
        Assert.Equal(2, Directory.GetDirectories(_root).Length);
    }

    [Fact]
    public async Task Records_that_are_not_there_are_refused_by_number()
    {
        await Write(inputs: 6_000);
        BackupStatement backup = VenueBackup.Take(Folder, Backup, TimeProvider.System);

        Assert.Contains($"sequence {backup.Sequence + 1}:", Refusal(backup.Sequence + 1), StringComparison.Ordinal);
        Assert.Contains($"sequence {backup.SnapshotSequence - 1}:", Refusal(backup.SnapshotSequence - 1), StringComparison.Ordinal);
        Assert.Contains("nothing to restore", Refusal(0), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Restored));
    }

    [Fact]
    public async Task Another_versions_records_are_restored_at_its_snapshots_only()
    {
        await Write(inputs: 6_000);
        BackupStatement backup = VenueBackup.Take(Folder, Backup, TimeProvider.System);

        Assert.Throws<VenueVersionException>(() => VenueRestore.Run(Backup, Restored, null, "2.0.0", TimeProvider.System));
        Assert.Equal(
            backup.SnapshotSequence, VenueRestore.Run(Backup, Restored, backup.SnapshotSequence, "2.0.0", TimeProvider.System).LastSequence);
    }

    [Fact]
    public async Task A_backup_whose_records_are_not_those_it_tells_of_is_refused()
    {
        await Write(inputs: 1_000);
        BackupStatement backup = VenueBackup.Take(Folder, Backup, TimeProvider.System);
        string path = Path.Combine(Backup, BackupStatement.FileName);
        File.WriteAllText(path, File.ReadAllText(path).Replace(backup.StateHash[..8], "00000000", StringComparison.Ordinal));

        Assert.Throws<InvariantException>(() => VenueRestore.Run(Backup, Restored, null, VenueLoad.Version, TimeProvider.System));
        File.WriteAllText(path, "{");
        Assert.Throws<InvalidDataException>(() => VenueRestore.Run(Backup, Restored, null, VenueLoad.Version, TimeProvider.System));
    }

    private string Refusal(ulong sequence) => Assert.Throws<JournalGapException>(
        () => VenueRestore.Run(Backup, Restored, sequence, VenueLoad.Version, TimeProvider.System)).Message;

    /// <summary>A venue that was stopped behind its last snapshot, with its whole journal.</summary>
    private async Task Write(int inputs)
    {
        using (EmbeddedExchange venue = Open(Folder, snapshotOnStop: false))
        {
            using IDisposable hold = FolderHold.Take(Folder);
            await VenueLoad.Begin(venue);
            await new VenueLoad(seed: 2).Trade(venue, inputs);
            await VenueLoad.CaughtUp(venue);
            venue.Dispose();
        }

        using EmbeddedExchange again = EmbeddedExchange.Open(VenueLoad.Options(Folder, snapshotOnStop: false, hasReplica: false), TimeProvider.System);
        await new VenueLoad(seed: 4).Trade(again, 800);
    }

    private static EmbeddedExchange Open(string folder, bool snapshotOnStop = true) =>
        EmbeddedExchange.Open(VenueLoad.Options(folder, snapshotOnStop), TimeProvider.System);
}
