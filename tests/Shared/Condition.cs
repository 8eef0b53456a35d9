using System.Runtime.CompilerServices;

namespace Exchange.Tests.Shared;

/// <summary>Waits for what another thread, or another process, brings about.</summary>
internal static class Condition
{
    /// <summary>How often a thing must have been seen to stand still.</summary>
    private const int LongEnough = 30;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    /// <exception cref="TimeoutException">It does not come to hold; the message says what.</exception>
    public static Task Holds(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "") =>
        Holds(() => Task.FromResult(condition()), what);

    /// <inheritdoc cref="Holds(Func{bool}, string)"/>
    public static async Task Holds(Func<Task<bool>> condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        using var waiting = new Waiting(what);
        while (!await condition())
            await waiting.Pause();
    }

    /// <summary>It goes on holding, as long as what would break it usually takes many times over.</summary>
    public static async Task Lasts(Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        using var waiting = new Waiting(what);
        for (int i = 0; i < LongEnough; i++)
        {
            Assert.True(condition(), $"No longer so: {what}");
            await waiting.Pause();
        }
    }

    /// <summary>Waits until a number stands still as long.</summary>
    /// <exception cref="TimeoutException">It does not.</exception>
    public static async Task Settles(Func<long> number, [CallerArgumentExpression(nameof(number))] string what = "")
    {
        using var waiting = new Waiting(what);
        long before = number();
        for (int i = 0; i < LongEnough; i++)
        {
            await waiting.Pause();
            if (number() == before)
                continue;
            before = number();
            i = 0;
        }
    }

    private sealed class Waiting(string what) : IDisposable
    {
        private readonly CancellationTokenSource _patience = new(Patience);
        private readonly PeriodicTimer _pace = new(Pace);

        public async ValueTask Pause()
        {
            if (_patience.IsCancellationRequested)
                throw new TimeoutException($"Not so within {Patience.TotalSeconds} s: {what}");
            await _pace.WaitForNextTickAsync(CancellationToken.None);
        }

        public void Dispose()
        {
            _pace.Dispose();
            _patience.Dispose();
        }
    }
}
