using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Audits;
using Exchange.Core.Wire;
using Exchange.Storage.Streams;

namespace Exchange.Storage.Postgres.Verification;

/// <summary>Brings a cluster's machines up from its database, beside it, and holds them against each other.</summary>
/// <remarks>
/// Silos may run meanwhile: all is read as of one moment, and only read. Memory: all books, Clearing, and one account at a time. Time:
/// that of replaying each book's journal behind its snapshot, and of reading every account.
/// </remarks>
public static class ClusterVerification
{
    /// <param name="isFromStart">Journals are replayed from their first record, not from the snapshots: for those that have not been trimmed.</param>
    /// <param name="observer">Reads what the books' journals say; null: nobody.</param>
    /// <exception cref="StreamDamagedException">A row is lost or is not what was written.</exception>
    /// <exception cref="SnapshotException">A state or record is not of this build.</exception>
    /// <exception cref="Npgsql.NpgsqlException">The database cannot be reached.</exception>
    /// <exception cref="StoreUnavailableException">The connection was lost.</exception>
    public static async Task<ClusterReport> Run(string connectionString, bool isFromStart, IBookObserver? observer, CancellationToken cancellation)
    {
        await using PostgresCut cut = await PostgresCut.Open(connectionString, cancellation);
        var records = new RecordCount();
        List<BookNode> books = await Nodes(cut, records, isFromStart, NodeKind.Book, key => new BookNode(NoHost.One, (int)key, observer: observer), cancellation);
        List<MarkNode> marks = await Nodes(cut, records, isFromStart, NodeKind.Mark, key => new MarkNode(NoHost.One, (int)key), cancellation);
        List<ClearingNode> clearing = await Nodes(cut, records, isFromStart, NodeKind.Clearing, _ => new ClearingNode(NoHost.One), cancellation);
        var audit = new ClusterAudit(books, marks, clearing.Count == 0 ? new ClearingNode(NoHost.One) : clearing[0]);
        await foreach (StoredStream account in cut.Streams((byte)NodeKind.Account, cancellation))
            audit.Add(account.Id.Key, checked((uint)account.Epoch), account.State);
        AuditFigures figures = audit.Finish();
        return new ClusterReport(figures, records.Value, audit.Faults);
    }

    private static async Task<List<TNode>> Nodes<TNode>(
        PostgresCut cut, RecordCount records, bool isFromStart, NodeKind kind, Func<uint, TNode> create, CancellationToken cancellation)
        where TNode : JournaledNode
    {
        var nodes = new List<TNode>();
        await foreach (StoredStream stored in cut.Streams((byte)kind, cancellation))
        {
            TNode node = create(stored.Id.Key);
            if (!isFromStart && stored.State is { } state)
                node.Restore(state);
            await foreach (StreamRecord record in cut.Journal(stored.Id, node.Sequence, cancellation))
            {
                node.Replay(record.Bytes);
                records.Value++;
            }

            nodes.Add(node);
        }

        return nodes;
    }

    private sealed class RecordCount
    {
        public long Value { get; set; }
    }
}

/// <summary>What was found.</summary>
/// <param name="Records">Of journals, replayed.</param>
/// <param name="Faults">What does not hold; empty: all does.</param>
public sealed record ClusterReport(AuditFigures Figures, long Records, IReadOnlyList<string> Faults);
