using System.Diagnostics;
using Exchange.Cli.Benchmarks;

WorkloadFile file = WorkloadFile.Load(args[0]);
ulong maxId = 0;
foreach (ref readonly WorkloadRecord r in file.Records.AsSpan())
    maxId = Math.Max(maxId, r.Id);
for (int rep = 0; rep < 7; rep++)
{
    var driver = new BookDriver(maxId);
    for (int i = 0; i < file.Prefill; i++)
        driver.Apply(in file.Records[i]);
    long bytes = GC.GetAllocatedBytesForCurrentThread();
    long start = Stopwatch.GetTimestamp();
    for (int i = file.Prefill; i < file.Records.Length; i++)
        driver.Apply(in file.Records[i]);
    double ns = Stopwatch.GetElapsedTime(start).TotalNanoseconds / (file.Records.Length - file.Prefill);
    bytes = GC.GetAllocatedBytesForCurrentThread() - bytes;
    driver.Book.CheckInvariants();
    Console.WriteLine($"{ns:F1} ns/op alloc={bytes} trades={driver.TradeCount} qty={driver.TradedLots} hash={driver.TapeHash:x16} bid={driver.Book.BestBidTicks} ask={driver.Book.BestAskTicks} resting={driver.Book.OpenOrderCount}");
}
