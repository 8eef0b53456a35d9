using Exchange.Cli.Benchmarks;

namespace Exchange.Cli.Tests.Benchmarks;

public sealed class AllocationTests
{
    private const int WarmUp = 200_000;
    private const int Measured = 1_000_000;

    [SkippableTheory]
    [InlineData("plain")]
    [InlineData("full")]
    public void A_million_mixed_operations_allocate_nothing_once_the_book_is_warm(string mix)
    {
        WorkloadFile file = WorkloadFile.Load(Workload.Of(mix, 2, WarmUp + Measured).Path);
        var driver = new BookDriver();

        Allocations.AssertNone(
            () => driver.ApplyAll(file.Records.AsSpan(file.Prefill + WarmUp, Measured)),
            prepare: () =>
            {
                driver = new BookDriver();
                driver.ApplyAll(file.Records.AsSpan(0, file.Prefill + WarmUp));
            });
    }
}
