using Exchange.Core.MarketData.Features;
using Exchange.Core.Port;
using Exchange.Core.Wire;
using Exchange.Grains.Hosting;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Placement;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Storage;

namespace Exchange.Grains.Features;

/// <summary>The features of one entity. All rules are <see cref="FeatureCache"/>'s.</summary>
/// <remarks>
/// Answers from memory and writes the whole cache behind, one write at a time. An activation whose write meets another's is over: it writes
/// nothing more, and the next one reads back what is there. What was put since the last write is lost with it; it can be put again.
/// </remarks>
[GrainType(GrainTypes.Features)]
[Reentrant]   // Nobody waits for a write.
[EdgeSilos]
[HashBasedPlacement]
[CollectionAgeLimit(Minutes = 5)]   // Whoever may read may ask for entities that there are none of.
[Immovable]
public sealed partial class FeatureCacheGrain(
    [PersistentState("features", StoredBytes.Storage)] IPersistentState<StoredBytes> stored, TimeProvider time, IOptions<GrainOptions> options,
    ILogger<FeatureCacheGrain> log) : Grain, IFeatureCacheGrain
{
    /// <summary>A silo that stops waits no longer for a storage that does not answer.</summary>
    private static readonly TimeSpan LastWritePatience = TimeSpan.FromSeconds(5);
    private readonly FeatureCache _cache = new(FeatureLimits.OfEntity);
    private IGrainTimer _timer = null!;
    private Task _writing = Task.CompletedTask;
    private ulong _changes;
    private ulong _written;
    private bool _isDue;
    private bool _isOver;

    private string Entity => this.GetPrimaryKeyString();

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _timer = this.RegisterGrainTimer(
            static (grain, _) => grain.WriteBehind(), this, new() { DueTime = Timeout.InfiniteTimeSpan, Period = Timeout.InfiniteTimeSpan, Interleave = true });
        if (stored.State.Bytes.IsEmpty)
            return Task.CompletedTask;
        try
        {
            _cache.Read(new SnapshotReader(stored.State.Bytes));
        }
        catch (SnapshotException unreadable)
        {
            // Of a newer build, or damaged: it is a cache, and whoever feeds it fills it again.
            LogBeginsAnew(log, Entity, unreadable.Message);
        }

        return Task.CompletedTask;
    }

    /// <summary>Hands over: what was put is stored before another activation reads it back.</summary>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        try
        {
            await WriteOut().WaitAsync(LastWritePatience, time, cancellationToken);
        }
        catch (Exception cause) when (cause is TimeoutException or OperationCanceledException)
        {
            LogNotWritten(log, Entity, cause.Message);
        }

        _isOver = true;
    }

    public ValueTask<Told<FeaturePut>> Put(Told<Feature> feature)
    {
        CheckIsOn();
        FeaturePut put = _cache.Put(feature.Value, NowMs);
        if (put.Outcome == FeatureOutcome.Taken)
            Changed();
        return new(new Told<FeaturePut>(put));
    }

    public ValueTask<Told<FeaturePage>> List(string prefix, string? after, int limit, long asOfMs) =>
        new(new Told<FeaturePage>(_cache.List(Entity, prefix, after, limit, NowMs, asOfMs)));

    public ValueTask<Told<FeatureCells>> Join(string[] names, long[] asOfMs) =>
        new(new Told<FeatureCells>(new FeatureCells(_cache.Join(Entity, names, asOfMs, NowMs))));

    public ValueTask<int> Remove(string prefix)
    {
        CheckIsOn();
        int removed = _cache.Remove(Entity, prefix, NowMs);
        if (removed != 0)
            Changed();
        return new(removed);
    }

    /// <summary>What would be lost is asked again of the next activation.</summary>
    private void CheckIsOn()
    {
        if (_isOver)
            throw new VenueStoppedException("This activation is over.");
    }

    private void Changed()
    {
        _changes++;
        WriteSoon();
    }

    private void WriteSoon()
    {
        if (_isDue || _isOver)
            return;
        _isDue = true;
        _timer.Change(TimeSpan.FromMilliseconds(options.Value.FeatureWriteMs), Timeout.InfiniteTimeSpan);
    }

    private async Task WriteBehind()
    {
        _isDue = false;
        if (_writing.IsCompleted)
            await (_writing = Write());
        if (_written != _changes)
            WriteSoon();
    }

    private async Task WriteOut()
    {
        await _writing;
        if (_written != _changes)
            await (_writing = Write());
        _cache.Advance(NowMs);
        if (!_isOver && _cache.Count == 0 && stored.RecordExists)
            await (_writing = Write());   // Nobody feeds it any more: nothing is left of it.
    }

    /// <summary>Writes what there is now, or deletes the row when there is nothing. Never throws.</summary>
    private async Task Write()
    {
        if (_isOver)
            return;
        ulong changes = _changes;
        _cache.Advance(NowMs);
        try
        {
            if (_cache.Count != 0)
            {
                stored.State.Bytes = BytesOfAll();
                await stored.WriteStateAsync();
            }
            else if (stored.RecordExists)
            {
                await stored.ClearStateAsync();
            }

            _written = changes;
        }
        catch (InconsistentStateException conflict)
        {
            StepDown(conflict.Message);
        }
        catch (Exception cause)
        {
            // Its outcome is unknown. The next write bears the same version: if this one came through, that is a conflict.
            LogNotWritten(log, Entity, cause.Message);
        }
    }

    private byte[] BytesOfAll()
    {
        var writer = new SnapshotWriter();
        _cache.Write(writer);
        return writer.Written.ToArray();
    }

    private void StepDown(string why)
    {
        _isOver = true;
        LogStepsDown(log, Entity, why);
        DeactivateOnIdle();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Features of {Entity} cannot be read and begin anew: {Cause}")]
    private static partial void LogBeginsAnew(ILogger log, string entity, string cause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Features of {Entity} are not written yet: {Cause}")]
    private static partial void LogNotWritten(ILogger log, string entity, string cause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Features of {Entity} step down: {Why}")]
    private static partial void LogStepsDown(ILogger log, string entity, string why);
}
