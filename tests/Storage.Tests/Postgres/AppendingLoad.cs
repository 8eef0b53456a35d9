using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Exchange.Storage.Postgres;
using Exchange.Storage.Streams;

namespace Exchange.Storage.Tests.Postgres;

/// <summary>Machines that append without pause, as grains do: an unknown outcome is read back under a new epoch.</summary>
internal sealed class AppendingLoad : IAsyncDisposable
{
    private readonly PostgresStreamStore _store;
    private readonly ConcurrentDictionary<(StreamId Stream, ulong Number), string> _acknowledged = new();
    private readonly Task[] _machines;
    private readonly long[] _counts;
    private volatile bool _isStopping;
    private readonly ConcurrentQueue<string> _unknown = new();

    public AppendingLoad(PostgresStreamStore store, int streams)
    {
        _store = store;
        _counts = new long[streams];
        _machines = [.. Enumerable.Range(0, streams).Select(i => Task.Run(() => Append(i)))];
    }

    /// <summary>Appends that were acknowledged, of all machines.</summary>
    public long Acknowledged => _counts.Sum(static count => Volatile.Read(ref count));

    /// <summary>What machines were told of appends whose outcome they did not learn.</summary>
    public IReadOnlyCollection<string> Unknown => _unknown;

    /// <summary>Waits until every machine has got further acknowledgements.</summary>
    public async Task Progress(int each = 20)
    {
        long[] before = [.. _counts];
        await Condition.Holds(() => _machines.Any(machine => machine.IsFaulted) || _counts.Zip(before).All(pair => pair.First >= pair.Second + each));
        Assert.All(_machines, machine => Assert.Null(machine.Exception));
    }

    /// <summary>Ends it and compares: what was acknowledged is where it was said to be, and nothing is there twice.</summary>
    public async Task Verify()
    {
        _isStopping = true;
        await Task.WhenAll(_machines);
        for (int i = 0; i < _counts.Length; i++)
        {
            List<StreamRecord> journal = await _store.Read(Stream(i), 0, CancellationToken.None).ToListAsync();
            string[] texts = [.. journal.Select(record => Encoding.UTF8.GetString(record.Bytes.Span))];
            Assert.Equal(texts.Length, texts.Distinct().Count());
            foreach (((StreamId stream, ulong number), string text) in _acknowledged)
                if (stream == Stream(i))
                    Assert.Equal(text, texts[(int)number - 1]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _isStopping = true;
        await Task.WhenAny(Task.WhenAll(_machines), Task.CompletedTask);
    }

    private static StreamId Stream(int machine) => new(1, (uint)machine);

    private async Task Append(int machine)
    {
        StreamId stream = Stream(machine);
        var batch = new RecordBatch();
        for (int attempt = 0; !_isStopping;)
        {
            OpenedStream opened = await _store.Open(stream, CancellationToken.None);
            ulong last = opened.LastSequence;
            try
            {
                while (!_isStopping)
                {
                    string text = string.Create(CultureInfo.InvariantCulture, $"{machine}/{opened.Epoch}/{attempt++}");
                    batch.Clear();
                    batch.Add(Encoding.UTF8.GetBytes(text));
                    last = await _store.Append(stream, opened.Epoch, last, batch);
                    _acknowledged[(stream, last)] = text;
                    Interlocked.Increment(ref _counts[machine]);
                }
            }
            catch (OutcomeUnknownException failure)
            {
                _unknown.Enqueue(failure.ToString());
            }
        }
    }
}
