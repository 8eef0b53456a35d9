using System.Globalization;
using Exchange.Core;
using Exchange.Core.Journaling;
using Exchange.Core.Views;
using Exchange.Storage.Files;

namespace Exchange.Embedded.Backups;

/// <summary>Makes a new venue's folder out of a backup, or any venue's folder, as of its end or of an earlier record.</summary>
/// <remarks>
/// What is made is a snapshot and a journal of its own that begins behind it: no record of the old journal can ever be taken for one
/// of the new, and the other way round.
/// </remarks>
public static class VenueRestore
{
    /// <summary>Restores.</summary>
    /// <param name="from">A backup, or the folder of a venue.</param>
    /// <param name="to">Does not exist, or is empty; it is there when this returns, whole and durable, or not at all.</param>
    /// <param name="toSequence">The last record to be carried out; null: all there are.</param>
    /// <param name="version">Build that runs: it carries out no command of another one.</param>
    /// <param name="clock">For how long verifying took.</param>
    /// <param name="passedOver">Told of each damaged snapshot newer than the one used.</param>
    /// <returns>What the new folder verified to.</returns>
    /// <exception cref="IOException">Something is in the way, damaged, missing or another version's; the message says which and where.</exception>
    /// <exception cref="InvariantException">The records do not lead to what they say.</exception>
    public static VenueVerification.Report Run(
        string from, string to, ulong? toSequence, string version, TimeProvider clock, Action<SnapshotDamagedException>? passedOver = null)
    {
        EmbeddedExchange.RequireVenue(from);
        using StagedFolder staged = StagedFolder.Begin(to, from);
        using IDisposable hold = FolderHold.Take(from);
        OtherFiles.Copy(from, staged.Path);
        ulong through = toSequence ?? ulong.MaxValue;
        using VenueRecovery state = VenueRecovery.Begin(from, new ViewLimits(), version, passedOver, through: through);
        // At the snapshot itself nothing of the journal is needed, so it may be damaged.
        if (state.Sequence != through)
            Replay(from, state, through);
        if (state.Sequence == 0)
            throw new JournalGapException(from, 1, "there is nothing to restore");
        if (toSequence is { } wanted && state.Sequence != wanted)
            throw new JournalGapException(from, wanted, $"it ends at {state.Sequence}");
        Engine engine = state.Engine;
        CompareWithStatement(from, state.Sequence, engine.StateHash());
        VenueRecovery.Save(staged.Path, engine, state.Views, state.Own, state.Sequence, version);
        VenueBackup.StartJournal(staged.Path, state.Sequence).Dispose();
        VenueVerification.Report found = VenueVerification.Run(staged.Path, clock);
        staged.Finish();
        return found;
    }

    /// <summary>The record that a venue stood at by a time: the last that is not later.</summary>
    /// <param name="from">A backup, or the folder of a venue.</param>
    /// <param name="timeMs">In milliseconds since 1970, on the venue's clock.</param>
    /// <exception cref="RestoreTimeException">It lies before the oldest point that can be restored, or behind the last record.</exception>
    /// <exception cref="IOException">Something is damaged, missing or another version's; the message says which and where.</exception>
    public static ulong SequenceAt(string from, long timeMs)
    {
        EmbeddedExchange.RequireVenue(from);
        using IDisposable hold = FolderHold.Take(from);
        ulong first = JournalReader.FirstSequence(from);
        using var reader = new JournalReader(from, first == 0 ? 0 : first - 1);
        reader.BypassCache();
        ulong found = reader.LastUpTo(timeMs) ?? throw new RestoreTimeException(from, timeMs, "its records end before it: leave the time away to restore all of them");
        var snapshots = new SnapshotStore(from);
        if (found >= first && (first == 1 || snapshots.Sequences.Any(sequence => sequence <= found)))
            return found;

        // Only a snapshot stands before the journal's first record, as a backup begins with one.
        bool isThere = snapshots.TryRestore((info, _) => info.TimeMs <= timeMs, out bool isThen, through: found);
        return isThere && isThen ? found : throw new RestoreTimeException(from, timeMs, "no snapshot lies before it");
    }

    private static void Replay(string from, VenueRecovery state, ulong through)
    {
        ulong first = JournalReader.FirstSequence(from);
        if (first > state.Sequence + 1)
            throw new JournalGapException(from, Math.Min(through, first - 1), $"its journal begins at {first}, and no intact snapshot lies before that point");
        using var reader = new JournalReader(from, state.Sequence);
        reader.BypassCache();
        reader.ReadWritten(
            (in JournalRecord record) =>
            {
                if (record.Sequence <= through)
                    state.Apply(in record);
            },
            through);
    }

    private static void CompareWithStatement(string from, ulong sequence, UInt128 hash)
    {
        BackupStatement? statement = BackupStatement.Read(from);
        if (statement?.Sequence == sequence && !string.Equals(statement.StateHash, BackupStatement.HashText(hash), StringComparison.Ordinal))
            throw new InvariantException($"The state at {sequence} is not the one that {BackupStatement.FileName} tells of.");
    }
}

/// <summary>The time asked for lies outside what a folder can be restored to.</summary>
public sealed class RestoreTimeException(string path, long timeMs, string problem)
    : IOException(string.Create(CultureInfo.InvariantCulture, $"{path} cannot be restored as of {DateTimeOffset.FromUnixTimeMilliseconds(timeMs):yyyy-MM-dd HH:mm:ss.fff} UTC: {problem}."))
{
}
