namespace Exchange.Cli.Benchmarks;

/// <summary>Many books served in turn, each at another place of the same stream: the cost once the books leave the near caches.</summary>
/// <remarks>As <c>multi</c> of bench/reference/ref.cpp does: the branch predictor cannot learn from the neighbour.</remarks>
internal static class SymbolsBenchmark
{
    private const int Repetitions = 4;
    private const int Operations = 2_000_000;
    private const int Apart = 1009;
    private const int Ahead = 10_007;

    /// <summary>CPU time an operation in nanoseconds, the best of four stretches.</summary>
    /// <exception cref="InvalidDataException">The workload is too short for so many books.</exception>
    public static double Time(WorkloadFile file, int books)
    {
        int[] at = new int[books];
        var drivers = new BookDriver[books];
        for (int book = 0; book < books; book++)
        {
            at[book] = file.Prefill + Apart * book + Ahead;
            if (at[book] >= file.Records.Length)
                throw new InvalidDataException($"The workload is too short for {books} books: generate at least 1,000,000 operations.");
            drivers[book] = new BookDriver();
            drivers[book].ApplyAll(file.Records.AsSpan(0, at[book]));
        }

        int steps = Math.Min(Operations / books, file.Records.Length - at[^1]) / Repetitions;
        double best = double.MaxValue;
        for (int repetition = 0; repetition < Repetitions; repetition++)
        {
            long cpu = ThreadClock.CpuNs();
            for (int step = 0; step < steps; step++)
            {
                for (int book = 0; book < books; book++)
                {
                    BookDriver driver = drivers[book];
                    driver.Apply(in file.Records[at[book]++]);
                    if (driver.MustAcknowledge)
                        driver.Acknowledge();
                }
            }

            best = Math.Min(best, (double)(ThreadClock.CpuNs() - cpu) / ((long)steps * books));
        }

        return best;
    }
}
