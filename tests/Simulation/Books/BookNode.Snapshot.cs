using Exchange.Core.Books;
using Exchange.Core.Wire;

namespace Exchange.Simulation.Books;

/// <content>Coming up from a snapshot and the journal's tail must be the same as from the journal alone.</content>
internal sealed partial class BookNode
{
    private void TakeSnapshot()
    {
        _snapshotAtMs = NowMs + Random.Between(2_000, 20_000);
        var writer = new SnapshotWriter();
        _book.Snapshot(writer);
        _snapshot = new Snapshot(
            Disk.Durable.Count, writer.Written.ToArray(), _nextOrderId, _remaindersE8, _remaindersNumber, new Dictionary<uint, uint>(_epochs));
    }

    /// <summary>Returns where the journal's tail begins.</summary>
    private int Restore(Snapshot snapshot)
    {
        _book.Restore(new SnapshotReader(snapshot.Bytes));
        _nextOrderId = snapshot.NextOrderId;
        _remaindersE8 = snapshot.RemaindersE8;
        _remaindersNumber = snapshot.RemaindersNumber;
        foreach ((uint account, uint epoch) in snapshot.Epochs)
            _epochs[account] = epoch;
        return snapshot.Records;
    }

    private sealed record Snapshot(
        int Records, byte[] Bytes, ulong NextOrderId, long RemaindersE8, ulong RemaindersNumber, Dictionary<uint, uint> Epochs);
}
