using System.Diagnostics;

namespace Exchange.Tests.Shared;

/// <summary>Waits for what is bound to come.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Task Holds(Func<bool> condition) => Holds(() => Task.FromResult(condition()));

    public static async Task Holds(Func<Task<bool>> condition)
    {
        long began = Stopwatch.GetTimestamp();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(began) > Patience)
                throw new TimeoutException($"Not so within {Patience.TotalSeconds} s.");
            await poll.WaitForNextTickAsync();
        }
    }
}
