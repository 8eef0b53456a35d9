namespace Exchange.Tests.Shared;

/// <summary>Waits for what another thread brings about.</summary>
internal static class Condition
{
    private const int LongEnough = 60;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(5);

    public static Task Holds(Func<bool> condition) => Holds(() => Task.FromResult(condition()));

    public static async Task Holds(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        using var pace = new PeriodicTimer(Pace);
        while (!await condition())
            await pace.WaitForNextTickAsync(patience.Token);
    }

    /// <summary>It goes on holding, as long as what would break it usually takes many times over.</summary>
    public static async Task Lasts(Func<bool> condition)
    {
        using var pace = new PeriodicTimer(Pace);
        for (int i = 0; i < LongEnough; i++)
        {
            Assert.True(condition());
            await pace.WaitForNextTickAsync();
        }
    }

    /// <summary>Waits until a number stands still as long.</summary>
    public static async Task Settles(Func<long> number)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        using var pace = new PeriodicTimer(Pace);
        long before = number();
        for (int i = 0; i < LongEnough; i++)
        {
            await pace.WaitForNextTickAsync(patience.Token);
            if (number() == before)
                continue;
            before = number();
            i = 0;
        }
    }
}
