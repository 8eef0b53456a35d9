namespace Exchange.Cli.Benchmarks;

/// <summary>Many books served in turn, each at another place of the same stream: the cost once the books leave the near caches.</summary>
/// <remarks>As <c>multi</c> of bench/reference/ref.cpp does: the branch predictor cannot learn from the neighbour.</remarks>
internal sealed class SymbolsBenchmark
{
    private const int Repetitions = 4;
    private const int Operations = 2_000_000;
    private const int Apart = 1009;
    private const int Ahead = 10_007;
    private const int LookAhead = 32;
    private readonly BookDriver[] _drivers;
    private readonly int _steps;

    /// <summary>The books' records in the order they are worked, as they would lie in a host's queue.</summary>
    private readonly WorkloadRecord[] _queue;
    private int _next;

    /// <exception cref="InvalidDataException">The workload is too short for so many books.</exception>
    public SymbolsBenchmark(WorkloadFile file, int books)
    {
        int Start(int book) => file.Prefill + Apart * book + Ahead;
        _steps = Math.Min(Operations / books, file.Records.Length - Start(books - 1)) / Repetitions;
        if (_steps <= 0)
            throw new InvalidDataException($"The workload is too short for {books} books: generate at least 1,000,000 operations.");
        _drivers = new BookDriver[books];
        _queue = new WorkloadRecord[_steps * Repetitions * books];
        for (int book = 0; book < books; book++)
        {
            _drivers[book] = new BookDriver();
            _drivers[book].ApplyAll(file.Records.AsSpan(0, Start(book)));
            for (int turn = 0; turn < _steps * Repetitions; turn++)
                _queue[turn * books + book] = file.Records[Start(book) + turn];
        }
    }

    /// <summary>CPU time an operation in nanoseconds, the best of four stretches; the books go on, so it is done once.</summary>
    /// <param name="fetchAhead">Ask for the memory of the next operations, as the host does with the commands that wait.</param>
    public double Time(bool fetchAhead)
    {
        double best = double.MaxValue;
        for (int repetition = 0; repetition < Repetitions; repetition++)
        {
            long cpu = ThreadClock.CpuNs();
            for (int step = 0; step < _steps; step++)
                Turn(fetchAhead);
            best = Math.Min(best, (double)(ThreadClock.CpuNs() - cpu) / ((long)_steps * _drivers.Length));
        }

        return best;
    }

    /// <summary>One operation for each book.</summary>
    private void Turn(bool fetchAhead)
    {
        for (int first = 0; first < _drivers.Length; first += LookAhead)
        {
            int last = Math.Min(first + LookAhead, _drivers.Length);
            for (int step = 0; fetchAhead && step < BookDriver.PrefetchSteps; step++)
            {
                for (int book = first; book < last; book++)
                    _drivers[book].Prefetch(step, in _queue[_next + book - first]);
            }

            for (int book = first; book < last; book++)
                _drivers[book].Step(in _queue[_next++]);
        }
    }
}
