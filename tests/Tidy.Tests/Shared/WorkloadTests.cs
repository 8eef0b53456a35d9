namespace Exchange.Tidy.Tests.Shared;

/// <summary>The expected results of bench/reference/README.md, seed 1.</summary>
public sealed class WorkloadTests
{
    [SkippableTheory]
    [InlineData("basic", 10297, 122109, 0xe6070e2143c1b35b, 1000091, 1000092, 4977, 102351)]
    [InlineData("plain", 10515, 121951, 0xc973d50f2008be60, 999997, 999998, 4986, 97078)]
    [InlineData("exchange-core", 6922, 36966, 0xbf27452a610d7a53, 999911, 999912, 1002, 22635)]
    [InlineData("full", 10508, 120702, 0xbc9cea00c2ba784b, 1000010, 1000011, 5021, 98459)]
    public void The_generators_book_gives_the_published_results(
        string mix, long trades, long tradedLots, ulong tapeHash, long bid, long ask, long resting, long restingLots)
    {
        Workload workload = Workload.Of(mix, seed: 1, operations: 100_000);

        Assert.Equal(new WorkloadResult(trades, tradedLots, tapeHash, bid, ask, resting, restingLots), workload.Expected);
    }

    [SkippableFact]
    public void A_file_is_a_header_and_32_bytes_an_operation()
    {
        Workload workload = Workload.Of("plain", seed: 7, operations: 1_000);

        byte[] file = File.ReadAllBytes(workload.Path);

        Assert.Equal("MWL1"u8, file.AsSpan(0, 4));
        Assert.Equal(32 * (1 + BitConverter.ToInt64(file, 8)), file.Length);
        Assert.Equal(1_000, BitConverter.ToInt64(file, 8) - BitConverter.ToInt64(file, 16));
    }
}
