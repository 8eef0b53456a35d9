using Exchange.Core.Journaling;
using Exchange.Core.Views;
using Exchange.Storage.Files;
using Exchange.Storage.Postgres.History;

namespace Exchange.Embedded.History;

/// <summary>Reads the journal once more behind the venue and makes rows of it, from a record whose rows are written already.</summary>
internal sealed class HistorySource : IDisposable
{
    /// <summary>Records of a batch at most, but for the last journal batch of them: what a transaction takes is bounded.</summary>
    private const ulong MostRecords = 8_192;

    /// <summary>Rows are made of what accounts and symbols have now; what was is in the database.</summary>
    private static readonly ViewLimits Least = new()
    {
        EndedOrdersPerAccount = 1, EndedOrders = 1, FillsPerAccount = 1, Fills = 1, MovementsPerAccount = 1, Movements = 1, OwnEvents = 1_024,
        TradesPerSymbol = 1, FundingsPerSymbol = 1, LiquidationsPerSymbol = 1,
    };

    private readonly VenueRecovery _state;
    private readonly JournalReader _reader;
    private readonly HistoryRows _rows;

    private HistorySource(VenueRecovery state, JournalReader reader, ulong afterSequence)
    {
        _state = state;
        _reader = reader;
        _rows = new HistoryRows(state.Views!);
        state.Reader = _rows;
        After = afterSequence;
    }

    /// <summary>The batch is of the records behind this one.</summary>
    public ulong After { get; private set; }

    /// <summary>The last record that the batch is of.</summary>
    public ulong Sequence => _state.Sequence;

    /// <summary>The venue's time then.</summary>
    public long TimeMs => _state.Views!.TimeMs;

    /// <summary>Rows of the records between the two.</summary>
    public HistoryBatch Batch => _rows.Batch;

    /// <summary>Begins behind a record, from the newest snapshot before it.</summary>
    /// <returns>Null: the folder does not hold any more what is needed for that.</returns>
    /// <exception cref="VenueVersionException">Another build wrote the records.</exception>
    /// <exception cref="JournalException">The journal is damaged.</exception>
    public static HistorySource? TryBegin(string directory, ulong after, string version)
    {
        try
        {
            return Begin(directory, VenueRecovery.Begin(directory, Least, version, isAlone: true, through: after), after);
        }
        catch (JournalGapException)
        {
            return null;
        }
    }

    /// <summary>Begins at a snapshot: the oldest one that this build goes on from, so that the least is passed over.</summary>
    /// <exception cref="IOException">There is no snapshot, or it cannot be read.</exception>
    public static HistorySource BeginAtSnapshot(string directory, string version)
    {
        foreach (ulong sequence in new SnapshotStore(directory).Sequences.Reverse())
        {
            VenueRecovery state = VenueRecovery.Begin(directory, Least, version, isAlone: true, through: sequence);
            if (state.Sequence == sequence && string.Equals(state.WriterVersion, version, StringComparison.Ordinal))
                return Begin(directory, state, sequence);
            state.Dispose();
        }

        VenueRecovery newest = VenueRecovery.Begin(directory, Least, version, isAlone: true);
        return Begin(directory, newest, newest.Sequence);
    }

    /// <summary>Adds to the batch what is durable, as far as it takes more.</summary>
    /// <returns>Whether that was all there is.</returns>
    public bool ReadOn(ulong durable)
    {
        ulong through = Math.Min(durable, Sequence + MostRecords);
        _reader.ReadThrough(through, (in JournalRecord record) => _state.Apply(in record));
        _state.Settle();
        _rows.End();
        return through == durable;
    }

    /// <summary>The batch is written.</summary>
    public void Next()
    {
        Batch.Clear();
        After = Sequence;
    }

    public void Dispose()
    {
        _reader.Dispose();
        _state.Dispose();
    }

    private static HistorySource Begin(string directory, VenueRecovery state, ulong after)
    {
        JournalReader? reader = null;
        try
        {
            reader = new JournalReader(directory, state.Sequence);
            reader.BypassCache();
            var source = new HistorySource(state, reader, after);
            source.ReadUpTo(after);
            return source;
        }
        catch
        {
            reader?.Dispose();
            state.Dispose();
            throw;
        }
    }

    /// <summary>Carries out what is written already. A batch of the journal that goes on behind it is cut there.</summary>
    private void ReadUpTo(ulong after)
    {
        bool isBehind = false;
        _reader.ReadThrough(after, (in JournalRecord record) =>
        {
            if (record.Sequence > after && !isBehind)
            {
                isBehind = true;
                Forget();
            }

            _state.Apply(in record);
        });
        _state.Settle();
        if (!isBehind)
            Forget();

        void Forget()
        {
            _state.Settle();
            _rows.End();
            Batch.Clear();
        }
    }
}
