using Exchange.Storage.Streams;
using Npgsql;

namespace Exchange.Storage.Postgres;

/// <summary>A thread with a connection of its own: takes what has queued, commits it as one, tells each stream its outcome, and again.</summary>
/// <remarks>
/// A thread, not a task: a commit's end must not wait behind whatever else the pool has to do. What the database refuses without
/// having written (read-only, full, shutting down, a lost deadlock) is tried again until it is taken or the store is closed. What was
/// sent and not answered is told as unknown, and never sent again.
/// </remarks>
internal abstract class WriteLane<TWrite> : IDisposable
    where TWrite : StreamWrite
{
    private readonly WriteQueue<TWrite> _queue;
    private readonly ManualResetEventSlim _closing = new();
    private readonly Thread _thread;
    private WriteConnection? _connection;
    private int _retryMs;

    protected WriteLane(string name, WriteQueue<TWrite> queue, PostgresStreamStoreOptions options, DatabaseMetrics metrics)
    {
        _queue = queue;
        Name = name;
        Options = options;
        Metrics = metrics;
        _thread = new Thread(Run) { Name = "Database " + name, IsBackground = true };
    }

    /// <summary>Why it takes no writes at present; null while it does.</summary>
    public string? Fault { get; private set; }

    protected string Name { get; }

    protected PostgresStreamStoreOptions Options { get; }

    protected DatabaseMetrics Metrics { get; }

    /// <summary>The one statement of this kind of write.</summary>
    protected abstract string Statement { get; }

    protected abstract IReadOnlyList<NpgsqlParameter> Columns { get; }

    /// <summary>Whether it may be done twice: then a lost answer is no loss.</summary>
    protected virtual bool IsRepeatable => false;

    public void Start() => _thread.Start();

    /// <summary>Gives up what the database does not take, and waits for the transaction in flight. The queue must be closed before.</summary>
    public void Dispose()
    {
        _closing.Set();
        if (_thread.IsAlive)
            _thread.Join();
        _connection?.Dispose();
        _closing.Dispose();
    }

    /// <summary>Puts the writes into the columns; they are in the order of their streams.</summary>
    protected abstract void Fill(WriteConnection connection, List<TWrite> writes);

    /// <summary>Takes one row of the answer.</summary>
    protected abstract void ReadRow(NpgsqlDataReader row);

    /// <summary>Tells a write its outcome, from the rows read.</summary>
    protected abstract void Complete(TWrite write);

    private void Run()
    {
        Connect();   // now, so that the first write need not wait for it
        var writes = new List<TWrite>();
        while (_queue.Take(writes))
        {
            writes.Sort(static (a, b) => a.Stream.Value.CompareTo(b.Stream.Value));
            Write(writes);
        }
    }

    private void Connect()
    {
        try
        {
            _connection = WriteConnection.Open(Options, Statement, Columns);
        }
        catch (Exception failure) when (DatabaseFaults.IsOfDatabase(failure))
        {
            // The first write tries again, and tells.
        }
    }

    private void Write(List<TWrite> writes)
    {
        Exception? failure;
        while ((failure = TryWrite(writes, out bool wasSent)) is not null)
        {
            if (wasSent && !IsRepeatable && !DatabaseFaults.IsRolledBack(failure))
            {
                Fault = null; // Nothing waits any more.
                Fail(writes, write => new OutcomeUnknownException(write.Stream, failure.Message, failure));
                return;
            }

            if (DatabaseFaults.IsOfTheData(failure) || !DatabaseFaults.IsOfDatabase(failure))
            {
                Fault = null;
                WriteOneByOne(writes, failure);
                return;
            }

            if (DatabaseFaults.IsMissingPartition(failure))
                AddPartitions();
            Fault = failure.Message;
            if (!WaitToRetry())
            {
                Fail(writes, _ => new StoreUnavailableException(failure.Message, failure));
                return;
            }
        }

        Fault = null;
        _retryMs = 0;
        Metrics.Count(Name, writes.Count);
        foreach (TWrite write in writes)
        {
            _queue.LetGo(write.Stream);
            Complete(write);
        }
    }

    /// <summary>One transaction.</summary>
    /// <returns>Null: committed. Else why not, or why that is unknown.</returns>
    private Exception? TryWrite(List<TWrite> writes, out bool wasSent)
    {
        wasSent = false;
        try
        {
            _connection ??= WriteConnection.Open(Options, Statement, Columns);
            Fill(_connection, writes);
            long started = Metrics.Now();
            wasSent = true;
            _connection.Execute(ReadRow);
            Metrics.Record(Name, started);
            return null;
        }
        // Whatever it is: the callers must hear of it, and this thread must go on.
        catch (Exception failure)
        {
            // After some refusals, a full disk's for one, Npgsql closes the session too.
            if (!DatabaseFaults.IsRolledBack(failure) || _connection is { IsOpen: false })
            {
                _connection?.Dispose();
                _connection = null;
            }

            return failure;
        }
    }

    /// <summary>One of them cannot be written as it is: it fails alone.</summary>
    private void WriteOneByOne(List<TWrite> writes, Exception failure)
    {
        if (writes.Count == 1)
        {
            Fail(writes, write => new WriteRefusedException(write.Stream, failure.Message, failure));
            return;
        }

        foreach (TWrite write in writes)
            Write([write]);
    }

    private void Fail(List<TWrite> writes, Func<TWrite, Exception> failureOf)
    {
        foreach (TWrite write in writes)
        {
            _queue.LetGo(write.Stream);
            write.Fail(failureOf(write));
        }
    }

    private void AddPartitions()
    {
        try
        {
            using NpgsqlConnection connection = new(Options.ConnectionString);
            connection.Open();
            using var command = new NpgsqlCommand(JournalUpkeep.AddPartitions, connection);
            command.ExecuteNonQuery();
        }
        catch (Exception failure) when (DatabaseFaults.IsOfDatabase(failure))
        {
            // The write itself will find out, and wait.
        }
    }

    /// <returns>False: the store is closing.</returns>
    private bool WaitToRetry()
    {
        _retryMs = Math.Clamp(_retryMs * 2, Options.FirstRetryMs, Options.LastRetryMs);
        return !_closing.Wait(_retryMs);
    }
}
