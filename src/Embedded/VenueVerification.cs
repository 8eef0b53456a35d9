using Exchange.Core;
using Exchange.Core.Journaling;
using Exchange.Embedded.Views;
using Exchange.Storage.Files;

namespace Exchange.Embedded;

/// <summary>Checks a venue's folder end to end: every record, every check of outputs, every snapshot, every invariant.</summary>
/// <remarks>Reads only; the venue must not be running, or only what was durable when it began is looked at.</remarks>
public sealed class VenueVerification
{
    private readonly SortedSet<ulong> _snapshots;
    private readonly SnapshotStore _store;
    private readonly VenueRecovery _state;

    private VenueVerification(string directory)
    {
        _store = new SnapshotStore(directory);
        _snapshots = [.. _store.Sequences];
        _state = VenueRecovery.Empty(limits: null, rules: null, judgesAgain: true);
    }

    /// <summary>What was found.</summary>
    /// <param name="Records">Journal records read.</param>
    /// <param name="Commands">Of them commands, carried out again.</param>
    /// <param name="LastSequence">The last record's.</param>
    /// <param name="Snapshots">Snapshots that lead to the state the journal leads to.</param>
    /// <param name="StateHash">Hash of the state at the end.</param>
    /// <param name="Elapsed">How long replaying took, without what is checked at the end.</param>
    public readonly record struct Report(
        ulong Records, ulong Commands, ulong LastSequence, int Snapshots, UInt128 StateHash, TimeSpan Elapsed);

    /// <summary>Verifies a folder.</summary>
    /// <exception cref="IOException">The journal or a snapshot is damaged or incomplete; file, offset and sequence are in the message.</exception>
    /// <exception cref="InvariantException">The machines, run again, do not come to what the folder says.</exception>
    public static Report Run(string directory, TimeProvider clock)
    {
        long started = clock.GetTimestamp();
        var verification = new VenueVerification(directory);
        using VenueRecovery state = verification._state;
        ulong records = 0;
        ulong last = 0;
        using (var reader = new JournalReader(directory, 0))
        {
            reader.ReadToEnd((in JournalRecord record) =>
            {
                state.Apply(in record);
                records++;
                last = record.Sequence;
                if (verification._snapshots.Contains(record.Sequence))
                    verification.CompareSnapshot(record.Sequence);
            });
        }

        if (verification._snapshots.Count != 0 && verification._snapshots.Max > last)
            throw new InvariantException($"There is a snapshot at {verification._snapshots.Max}, and the journal ends at {last}.");
        Engine engine = state.Engine;
        TimeSpan elapsed = clock.GetElapsedTime(started);
        engine.CheckInvariants();
        return new Report(
            records, state.Replayed, last, verification._snapshots.Count, engine.StateHash(), elapsed);
    }

    private void CompareSnapshot(ulong sequence)
    {
        ulong hash = (ulong)_state.Engine.StateHash();
        ulong restored = _store.Restore(sequence, static (info, stream) => (ulong)VenueRecovery.Restore(info, stream, new ViewLimits(), null).Engine.StateHash());
        if (restored != hash)
            throw new InvariantException($"The snapshot at {sequence} is not of the state that the journal leads to.");
    }
}
