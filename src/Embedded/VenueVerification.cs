using Exchange.Core;
using Exchange.Core.Journaling;
using Exchange.Core.Views;
using Exchange.Storage.Files;

namespace Exchange.Embedded;

/// <summary>Checks a venue's folder end to end: every record, every check of outputs, every snapshot, every invariant.</summary>
/// <remarks>
/// Reads only; the venue must not be running. Where the journal begins behind a snapshot, the state begins with the oldest snapshot
/// that the journal continues.
/// </remarks>
public sealed class VenueVerification
{
    private readonly SortedSet<ulong> _snapshots;
    private readonly SnapshotStore _store;
    private readonly VenueRecovery _state;

    private VenueVerification(string directory)
    {
        _store = new SnapshotStore(directory);
        _snapshots = [.. _store.Sequences];
        ulong first = JournalReader.FirstSequence(directory);
        ulong? start = first == 1 ? null : _snapshots.Where(sequence => sequence + 1 >= first).Select(sequence => (ulong?)sequence).FirstOrDefault();
        _state = start is { } sequence
            ? Restore(sequence, limits: null) : VenueRecovery.Empty(limits: null, rules: null, judgesAgain: true);
    }

    /// <summary>What was found.</summary>
    /// <param name="Records">Journal records read.</param>
    /// <param name="Commands">Of them commands, carried out again.</param>
    /// <param name="LastSequence">The last record's.</param>
    /// <param name="Snapshots">Snapshots that lead to the state the journal leads to.</param>
    /// <param name="StateHash">Hash of the state at the end.</param>
    /// <param name="TimeMs">The engine's time at the end, in milliseconds since 1970.</param>
    /// <param name="WriterVersion">Build that opened the folder last.</param>
    /// <param name="Elapsed">How long replaying took, without what is checked at the end.</param>
    public readonly record struct Report(
        ulong Records, ulong Commands, ulong LastSequence, int Snapshots, UInt128 StateHash, long TimeMs, string WriterVersion, TimeSpan Elapsed);

    /// <summary>Verifies a folder.</summary>
    /// <exception cref="IOException">The journal or a snapshot is damaged or incomplete; file, offset and sequence are in the message.</exception>
    /// <exception cref="InvariantException">The machines, run again, do not come to what the folder says.</exception>
    public static Report Run(string directory, TimeProvider clock)
    {
        using IDisposable hold = FolderHold.Take(directory);
        long started = clock.GetTimestamp();
        var verification = new VenueVerification(directory);
        using VenueRecovery state = verification._state;
        ulong records = 0;
        // Older ones than the start cannot be compared with the journal; each is compared with the hash it bears.
        foreach (ulong sequence in verification._snapshots.Where(sequence => sequence < state.Sequence))
            verification.Restore(sequence, new ViewLimits()).Dispose();
        using (var reader = new JournalReader(directory, state.Sequence))
        {
            reader.ReadToEnd((in JournalRecord record) =>
            {
                state.Apply(in record);
                records++;
                if (verification._snapshots.Contains(record.Sequence))
                    verification.CompareSnapshot(record.Sequence);
            });
        }

        ulong last = state.Sequence;
        if (verification._snapshots.Count != 0 && verification._snapshots.Max > last)
            throw new InvariantException($"There is a snapshot at {verification._snapshots.Max}, and the journal ends at {last}.");
        Engine engine = state.Engine;
        TimeSpan elapsed = clock.GetElapsedTime(started);
        engine.CheckInvariants();
        return new Report(
            records, state.Replayed, last, verification._snapshots.Count, engine.StateHash(), engine.TimeMs, state.WriterVersion, elapsed);
    }

    private void CompareSnapshot(ulong sequence)
    {
        ulong hash = (ulong)_state.Engine.StateHash();
        using VenueRecovery restored = Restore(sequence, new ViewLimits());
        if ((ulong)restored.Engine.StateHash() != hash)
            throw new InvariantException($"The snapshot at {sequence} is not of the state that the journal leads to.");
    }

    private VenueRecovery Restore(ulong sequence, ViewLimits? limits) =>
        _store.Restore(sequence, (info, stream) => VenueRecovery.Restore(info, stream, limits, rules: null, judgesAgain: true));
}
