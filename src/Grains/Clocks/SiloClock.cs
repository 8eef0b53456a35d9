using Exchange.Storage.Streams;
using Microsoft.Extensions.Logging;

namespace Exchange.Grains.Clocks;

/// <summary>The silo's time: <see cref="AgreedTime"/>, kept by asking the machine's clock every second and the database's every five.</summary>
/// <remarks>
/// Everything in a silo that asks for the time asks here. A machine whose clock leaps goes on with the time of before and says so
/// (docs/failures.md); one whose clock is wrong when it starts does not start.
/// </remarks>
public sealed partial class SiloClock : TimeProvider, ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private const int DatabaseEverySeconds = 5;

    /// <summary>What the database said last counts for so long.</summary>
    private const long DatabaseMs = 30_000;

    /// <summary>An answer that took longer says too little of what the time is.</summary>
    private static readonly TimeSpan QuickAnswer = TimeSpan.FromMilliseconds(500);

    private readonly TimeProvider _machine;
    private readonly IStreamStore _store;
    private readonly ILogger _log;
    private readonly AgreedTime _agreed;
    private readonly CancellationTokenSource _stopped = new();
    private Task _kept = Task.CompletedTask;
    private long _databaseOffsetMs;
    private long? _databaseAtMs;
    private bool _isMachineOff;
    private bool _isDatabaseOff;

    public SiloClock(TimeProvider machine, IStreamStore store, ILogger<SiloClock> log)
    {
        _machine = machine;
        _store = store;
        _log = log;
        _agreed = new AgreedTime(UptimeMs, MachineMs);
    }

    /// <summary>How far the machine's clock is ahead of the time, ms; the time does not follow a clock that leaps alone.</summary>
    public long MachineAheadMs => _agreed.MachineAheadMs;

    /// <summary>How far the database's clock is ahead of the time, ms.</summary>
    public long DatabaseAheadMs => _agreed.DatabaseAheadMs;

    public override long TimestampFrequency => _machine.TimestampFrequency;

    public override TimeZoneInfo LocalTimeZone => _machine.LocalTimeZone;

    private long UptimeMs => (long)_machine.GetElapsedTime(0, _machine.GetTimestamp()).TotalMilliseconds;

    private long MachineMs => _machine.GetUtcNow().ToUnixTimeMilliseconds();

    public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(_agreed.At(UptimeMs));

    public override long GetTimestamp() => _machine.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _machine.CreateTimer(callback, state, dueTime, period);

    public void Participate(ISiloLifecycle lifecycle) => lifecycle.Subscribe(nameof(SiloClock), ServiceLifecycleStage.First, Begin, End);

    public void Dispose() => _stopped.Dispose();

    /// <exception cref="InvalidOperationException">The machine's clock and the database's differ: what was stamped here would stop books or run ahead of them.</exception>
    private async Task Begin(CancellationToken cancellation)
    {
        if (await AskDatabase(cancellation) is { } databaseMs && Math.Abs(databaseMs - MachineMs) is > AgreedTime.LeapMs and var apart)
            throw new InvalidOperationException($"This machine's clock and the database's differ by {apart} ms; {AgreedTime.LeapMs} are allowed. Set the one that is wrong.");
        _kept = Keep();
    }

    private async Task End(CancellationToken cancellation)
    {
        await _stopped.CancelAsync();
        await _kept;
    }

    private async Task Keep()
    {
        using var seconds = new PeriodicTimer(TimeSpan.FromSeconds(1), _machine);
        try
        {
            for (int second = 1; await seconds.WaitForNextTickAsync(_stopped.Token); second++)
            {
                if (second % DatabaseEverySeconds == 0 && await AskDatabase(_stopped.Token) is { } databaseMs)
                    (_databaseAtMs, _databaseOffsetMs) = (UptimeMs, databaseMs - UptimeMs);
                Correct();
            }
        }
        catch (OperationCanceledException)
        {
            // The silo stops.
        }
    }

    private void Correct()
    {
        long uptimeMs = UptimeMs;
        bool isKnown = uptimeMs - _databaseAtMs <= DatabaseMs;
        long movedMs = _agreed.Correct(uptimeMs, MachineMs, isKnown ? uptimeMs + _databaseOffsetMs : null);
        if (Math.Abs(movedMs) > AgreedTime.SlewMs)
            LogLeap(_log, movedMs);
        if (IsTurn(ref _isMachineOff, MachineAheadMs))
            LogMachine(_log, _isMachineOff ? LogLevel.Critical : LogLevel.Information, MachineAheadMs);
        if (IsTurn(ref _isDatabaseOff, DatabaseAheadMs))
            LogDatabase(_log, _isDatabaseOff ? LogLevel.Critical : LogLevel.Information, DatabaseAheadMs);
    }

    private static bool IsTurn(ref bool isOff, long aheadMs)
    {
        bool was = isOff;
        isOff = Math.Abs(aheadMs) > AgreedTime.LeapMs;
        return was != isOff;
    }

    /// <summary>The database's clock as of now; null: it has none, or does not answer quickly.</summary>
    private async Task<long?> AskDatabase(CancellationToken cancellation)
    {
        long asked = _machine.GetTimestamp();
        try
        {
            DateTimeOffset? told = await _store.ReadClock(cancellation);
            TimeSpan took = _machine.GetElapsedTime(asked);
            return took <= QuickAnswer ? (told + (took / 2))?.ToUnixTimeMilliseconds() : null;
        }
        catch (StreamStoreException)
        {
            return null; // Whether the database is there others watch.
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The machine's clock and the database's have both leapt: the time moves by {MovedMs} ms.")]
    private static partial void LogLeap(ILogger log, long movedMs);

    [LoggerMessage(Message = "The machine's clock is {AheadMs} ms ahead of the time that is stamped, which does not follow it alone.")]
    private static partial void LogMachine(ILogger log, LogLevel level, long aheadMs);

    [LoggerMessage(Message = "The database's clock is {AheadMs} ms ahead of the time that is stamped, which does not follow it alone.")]
    private static partial void LogDatabase(ILogger log, LogLevel level, long aheadMs);
}
