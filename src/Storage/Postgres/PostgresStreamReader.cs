using System.Runtime.CompilerServices;
using Exchange.Storage.Streams;
using Npgsql;

namespace Exchange.Storage.Postgres;

/// <summary>All that is read: nothing here waits for a writer or makes one wait.</summary>
/// <param name="query">Carries a query out, by its statement and its arguments.</param>
internal sealed class PostgresStreamReader(Func<string, long[], CancellationToken, ValueTask<RowReader>> query)
{
    private const string HeadOf = "SELECT " + StoredHeads.Columns + " FROM exchange.streams WHERE stream = $1";
    private const string EndsOf = "SELECT last_sequence, last_log_number FROM exchange.streams WHERE stream = $1";
    private const string PartsOf = "SELECT body FROM exchange.state_parts WHERE stream = $1 AND number = $2 AND epoch = $3 ORDER BY part";
    private const string JournalAfter = "SELECT " + StoredBatch.JournalColumns + " FROM exchange.journal WHERE stream = $1 AND last_sequence > $2 ORDER BY last_sequence";
    private const string LogAfter = "SELECT " + StoredBatch.LogColumns + " FROM exchange.log WHERE stream = $1 AND last_number > $2 ORDER BY last_number";

    /// <summary>From the row that holds the one before, backwards.</summary>
    private const string LogBefore = "SELECT " + StoredBatch.LogColumns + """
         FROM exchange.log
        WHERE stream = $1 AND last_number <= coalesce((SELECT min(last_number) FROM exchange.log WHERE stream = $1 AND last_number >= $2 - 1), $2)
        ORDER BY last_number DESC LIMIT $3
        """;

    public async ValueTask<StoredHead?> Head(StreamId stream, CancellationToken cancellation)
    {
        await using RowReader rows = await query(HeadOf, [stream.Value], cancellation);
        return await rows.Next() ? StoredHeads.Read(rows.Row, 0) : null;
    }

    public async IAsyncEnumerable<StreamRecord> Journal(StreamId stream, ulong after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        // Its end is read first: what the journal must reach, however much is appended meanwhile.
        (ulong end, _) = await Ends(stream, cancellation);
        await using RowReader rows = await query(JournalAfter, [stream.Value, checked((long)after)], cancellation);
        ulong next = after + 1;
        while (await rows.Next())
        {
            StoredBatch batch = StoredBatch.Read(stream, rows.Row, static (id, first, epoch, bytes) => StreamChecks.OfJournal(id, first, epoch, bytes.Span));
            // Only the first row may begin before what was asked for.
            if (batch.First > next || (batch.First < next && next > after + 1))
                throw new StreamDamagedException(stream, next, $"the journal goes on at {batch.First}");
            foreach (StreamRecord record in batch.Split(stream))
                if (record.Number >= next)
                    yield return record;
            next = batch.Last + 1;
        }

        if (next <= end)
            throw new StreamDamagedException(stream, next, $"the journal stops there, and should reach {end}");
    }

    /// <summary>Where older partitions have been dropped, it begins with the oldest row there is.</summary>
    public async IAsyncEnumerable<StreamRecord> Log(StreamId stream, ulong after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        (_, ulong end) = await Ends(stream, cancellation);
        await using RowReader rows = await query(LogAfter, [stream.Value, checked((long)after)], cancellation);
        ulong next = 0;
        while (await rows.Next())
        {
            StoredBatch batch = ReadLog(stream, rows.Row);
            if (next > 0 && batch.First != next)
                throw new StreamDamagedException(stream, next, $"the log goes on at {batch.First}");
            foreach (StreamRecord row in batch.Split(stream))
                if (row.Number > after)
                    yield return row;
            next = batch.Last + 1;
        }

        if (next > 0 && next <= end)
            throw new StreamDamagedException(stream, next, $"the log stops there, and should reach {end}");
    }

    public async ValueTask<IReadOnlyList<StreamRecord>> LogBackwards(StreamId stream, ulong before, int count, CancellationToken cancellation)
    {
        var found = new List<StreamRecord>();
        if (before <= 1 || count <= 0)
            return found;
        long bound = (long)Math.Min(before, long.MaxValue);
        await using RowReader rows = await query(LogBefore, [stream.Value, bound, count], cancellation);
        ulong next = 0;
        while (found.Count < count && await rows.Next())
        {
            StoredBatch batch = ReadLog(stream, rows.Row);
            if (next > 0 && batch.Last != next)
                throw new StreamDamagedException(stream, next, $"the log goes on backwards at {batch.Last}");
            List<StreamRecord> split = batch.Split(stream);
            for (int i = split.Count - 1; i >= 0 && found.Count < count; i--)
                if (split[i].Number < before)
                    found.Add(split[i]);
            next = batch.First - 1;
        }

        return found;
    }

    public async ValueTask<StreamState?> State(StreamId stream, CancellationToken cancellation)
    {
        StoredHead? head = await Head(stream, cancellation);
        while (head?.State is { } stored)
        {
            if (await Bytes(stream, stored, cancellation) is { } bytes)
                return new StreamState(stored.Number, bytes);
            // Its parts are not all there: either they were replaced since, and then the head was before them, or they are lost.
            StoredHead? again = await Head(stream, cancellation);
            if (again?.State is { } now && now.Number == stored.Number && now.Epoch == stored.Epoch)
                throw new StreamDamagedException(stream, stored.Number, "parts of the state are missing or not what was written");
            head = again;
        }

        return null;
    }

    /// <summary>The bytes of a state as the head says it; null if its parts are not those.</summary>
    public async ValueTask<byte[]?> Bytes(StreamId stream, StoredState state, CancellationToken cancellation)
    {
        byte[] bytes = state.Parts == 0 ? state.Row : await Parts(stream, state, cancellation);
        if (StreamChecks.OfState(stream, state.Number, state.Epoch, bytes) == state.Checksum)
            return bytes;
        return state.Parts > 0 ? null : throw new StreamDamagedException(stream, state.Number, "the checksum of the state is wrong");
    }

    private async ValueTask<byte[]> Parts(StreamId stream, StoredState state, CancellationToken cancellation)
    {
        await using RowReader rows = await query(PartsOf, [stream.Value, (long)state.Number, (long)state.Epoch], cancellation);
        using var bytes = new MemoryStream();
        while (await rows.Next())
            bytes.Write(rows.Row.GetFieldValue<byte[]>(0));
        return bytes.ToArray();
    }

    private async ValueTask<(ulong Sequence, ulong LogNumber)> Ends(StreamId stream, CancellationToken cancellation)
    {
        await using RowReader rows = await query(EndsOf, [stream.Value], cancellation);
        return await rows.Next() ? ((ulong)rows.Row.GetInt64(0), (ulong)rows.Row.GetInt64(1)) : (0, 0);
    }

    private static StoredBatch ReadLog(StreamId stream, NpgsqlDataReader row) =>
        StoredBatch.Read(stream, row, static (id, first, epoch, bytes) => StreamChecks.OfLog(id, first, epoch, bytes.Span));
}
