using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Exchange.Core.Port;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Port;
using Exchange.Grains.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Exchange.Grains.Tests.Port;

/// <summary>A subscription's listener over an account that answers as told, or not.</summary>
public sealed class OwnListenerTests : IDisposable
{
    private const uint Account = 7;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<OwnNews> _news = Channel.CreateUnbounded<OwnNews>();
    private readonly FaultLog _log = new();
    private readonly OwnHearer _hearer = new();
    private readonly List<OwnCursor> _asked = [];

    public void Dispose() => _stopping.Dispose();

    [Fact]
    public async Task A_fault_that_does_not_pass_ends_the_subscription_and_is_logged()
    {
        var fault = new InvalidOperationException("The account's history cannot be read.");

        await Listening(_ => throw fault).Begin(Cursor(3)).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.True(_hearer.IsBroken);
        Assert.Same(fault, Assert.Single(_log.Faults));
    }

    [Fact]
    public async Task An_account_that_fails_over_is_asked_again_from_the_same_cursor()
    {
        int asked = 0;
        Task listening = Listening(from =>
        {
            _asked.Add(from);
            return ++asked <= 2 ? throw new TimeoutException() : Hear();
        }).Begin(Cursor(3));
        _news.Writer.TryWrite(News(next: 4));
        _news.Writer.TryWrite(new OwnNews(CursorRefusal.TooOld, Cursor(4), [], Cursor(4)));

        await listening.WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal([3, 3, 3, 4], _asked.Select(cursor => (long)cursor.Number));
        Assert.Single(_hearer.Heard);
        Assert.True(_hearer.IsBroken);
        Assert.Empty(_log.Faults);
    }

    [Fact]
    public async Task A_silo_that_stops_ends_it_without_a_fault()
    {
        Task listening = Listening(_ => throw new TimeoutException()).Begin(Cursor(3));

        await _stopping.CancelAsync();

        await listening.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.False(_hearer.IsBroken);
        Assert.Empty(_log.Faults);
    }

    /// <summary>Silos run for months, and subscriptions come and go.</summary>
    [Fact]
    public async Task A_subscription_that_ended_leaves_nothing_with_the_silo()
    {
        WeakReference ended = await EndOne();

        await Condition.Holds(() =>
        {
            GC.Collect();
            return !ended.IsAlive;
        });
        Assert.False(_stopping.IsCancellationRequested);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private async Task<WeakReference> EndOne()
    {
        OwnListener listener = Listening(_ => Hear());
        Task listening = listener.Begin(Cursor(3));
        listener.End();
        _news.Writer.TryWrite(News(next: 4));
        await listening.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Empty(_hearer.Heard);
        return new WeakReference(listener);
    }

    private OwnListener Listening(Func<OwnCursor, ValueTask<OwnNews>> hear) =>
        new(Account, hear, _hearer, TimeProvider.System, _log, _stopping.Token);

    private ValueTask<OwnNews> Hear() => _news.Reader.ReadAsync();

    private static OwnNews News(ulong next) => new(CursorRefusal.None, Cursor(next - 1), [default], Cursor(next));

    private static OwnCursor Cursor(ulong number) => new(Account, number);

    private sealed class FaultLog : ILogger
    {
        public List<Exception> Faults { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (exception is not null)
                Faults.Add(exception);
        }
    }
}
