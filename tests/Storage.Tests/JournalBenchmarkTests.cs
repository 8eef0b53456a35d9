using Exchange.Storage.Files;

namespace Exchange.Storage.Tests;

public sealed class JournalBenchmarkTests
{
    [Fact]
    public void It_reports_appending_and_reading()
    {
        using var benchmark = new JournalBenchmark(Path.GetTempPath()) { RunMs = 50, Rounds = 1, SegmentBytes = 16 << 20 };
        JournalBenchmarkResult result = benchmark.Append(recordsPerBatch: 64);
        Assert.InRange(result.MeanBatch, 1, 65);
        Assert.True(result.RecordsPerSecond > 0);
        Assert.True(benchmark.Read().BytesPerSecond > 0);
    }
}
