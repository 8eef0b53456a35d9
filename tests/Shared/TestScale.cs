namespace Exchange.Tests.Shared;

/// <summary>How large a run is: <c>./test</c> is short, <c>./test --long</c> is long.</summary>
internal static class TestScale
{
    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("EXCHANGE_TEST_LONG") == "1";

    /// <summary>A number of steps, seeds or records for this run.</summary>
    public static T Of<T>(T shortRun, T longRun) => IsLong ? longRun : shortRun;
}
