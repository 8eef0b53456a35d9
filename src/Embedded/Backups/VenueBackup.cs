using Exchange.Core;
using Exchange.Core.Journaling;
using Exchange.Storage.Files;

namespace Exchange.Embedded.Backups;

/// <summary>Copies a venue's folder as of one record, while the venue runs or not; the copy is a venue's folder, too.</summary>
/// <remarks>
/// The newest snapshot, the records behind it as far as they are durable, and what else lies there. The venue takes no notice but
/// that it deletes no old files meanwhile. The records go into a journal of their own, so each is checked as it is read.
/// </remarks>
public static class VenueBackup
{
    private const long SegmentBytes = 32L << 20;

    /// <summary>Takes a backup and verifies it.</summary>
    /// <param name="from">The venue's folder.</param>
    /// <param name="to">Does not exist, or is empty; it is there when this returns, whole and durable, or not at all.</param>
    /// <param name="clock">For how long verifying took.</param>
    /// <param name="passedOver">Told of each damaged snapshot newer than the one used.</param>
    /// <exception cref="IOException">Something is in the way, damaged or missing, or a disk failed; the message says which and where.</exception>
    /// <exception cref="InvariantException">What was copied does not lead to what it says: another build wrote it, or the venue is at fault.</exception>
    public static BackupStatement Take(string from, string to, TimeProvider clock, Action<SnapshotDamagedException>? passedOver = null)
    {
        EmbeddedExchange.RequireVenue(from);
        using StagedFolder staged = StagedFolder.Begin(to, from);
        using IDisposable hold = FolderHold.Take(from);
        // Before the records: an account that a key is for is then in them.
        OtherFiles.Copy(from, staged.Path);
        ulong snapshot = CopySnapshot(from, staged.Path, passedOver);
        CopyRecords(from, staged.Path, snapshot);
        VenueVerification.Report found = VenueVerification.Run(staged.Path, clock);
        var statement = new BackupStatement(
            found.LastSequence, snapshot, found.TimeMs, BackupStatement.HashText(found.StateHash), found.WriterVersion);
        statement.Write(staged.Path);
        staged.Finish();
        return statement;
    }

    /// <summary>A new journal that begins behind a snapshot; small files, since it may end soon.</summary>
    internal static FileJournal StartJournal(string folder, ulong afterSequence) => FileJournal.Open(
        new FileJournalOptions
        {
            Directory = folder,
            SegmentBytes = SegmentBytes,
            PreparedSegments = 1,
            NearlyFullBytes = 0,
            StartAfterSnapshot = afterSequence > 0,
        },
        afterSequence,
        static (in JournalRecord _) => throw new InvalidDataException("A folder just made holds records."));

    private static ulong CopySnapshot(string from, string to, Action<SnapshotDamagedException>? passedOver)
    {
        var copies = new SnapshotStore(to);
        bool isThere = new SnapshotStore(from).TryRestore(
            (info, payload) =>
            {
                copies.Save(info, payload.CopyTo);
                return info.Sequence;
            },
            out ulong sequence,
            passedOver);
        return isThere ? sequence : 0;
    }

    private static void CopyRecords(string from, string to, ulong afterSequence)
    {
        using FileJournal copy = StartJournal(to, afterSequence);
        using var reader = new JournalReader(from, afterSequence);
        reader.BypassCache();
        reader.ReadWritten((in JournalRecord record) =>
        {
            while (!copy.TryQueue(record.Sequence, record.TimeMs, record.Kind, record.Payload))
                AwaitDurable(copy);
        });
        AwaitDurable(copy);
    }

    private static void AwaitDurable(FileJournal copy)
    {
        copy.Wake();
        if (!copy.WaitDurable(copy.AppendedSequence))
            throw new IOException("The copy of the journal could not be written.", copy.Failure);
    }
}
