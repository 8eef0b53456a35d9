using Exchange.Core.Signatures;
using Exchange.Grains.Hosting;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Placement;
using Microsoft.Extensions.Options;
using Orleans.Placement;

namespace Exchange.Grains.Signatures;

/// <summary>The memory of signatures of a part of the accounts. All rules are <see cref="SignatureMemory"/>'s.</summary>
/// <remarks>
/// In memory only: an activation cannot know what the one before took, so it takes nothing stamped before a time that the other one's stamps
/// cannot have reached. One that stood still for so long that it may have been replaced ends.
/// </remarks>
[GrainType(GrainTypes.Signatures)]
[EngineSilos]
[Spread]
[KeepAlive]
[Immovable]
public sealed class SignatureGrain(TimeProvider time, IOptions<GrainOptions> options) : Grain, ISignatureGrain
{
    /// <summary>How far the clocks of two silos may be apart.</summary>
    private const int ClockSkewMs = 500;

    /// <summary>Below what it takes to declare a silo dead.</summary>
    private static readonly TimeSpan LongestStandstill = TimeSpan.FromMilliseconds(1_800);
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(200);

    private SignatureMemory _memory = null!;
    private long _lastBeat;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _memory = new SignatureMemory(options.Value.SignaturesPerPart, NowMs() + SignatureMemory.MostAheadMs + ClockSkewMs);
        _lastBeat = time.GetTimestamp();
        this.RegisterGrainTimer(static (grain, _) => grain.OnBeat(), this, new() { DueTime = Beat, Period = Beat, KeepAlive = true });
        return Task.CompletedTask;
    }

    public ValueTask<SignatureOutcome[]> Take(SignatureBatch batch)
    {
        bool mayBeReplaced = MayBeReplaced();
        long nowMs = NowMs();
        var outcomes = new SignatureOutcome[batch.Signatures.Length];
        for (int i = 0; i < outcomes.Length; i++)
        {
            // Ahead of this silo's clock, it could outlive this activation's floor in the next one's memory.
            bool isKnowable = !mayBeReplaced && batch.TimestampsMs[i] <= nowMs + SignatureMemory.MostAheadMs;
            outcomes[i] = isKnowable ? _memory.Take(batch.Signatures[i], batch.TimestampsMs[i], nowMs) : SignatureOutcome.Unknown;
        }

        return new(outcomes);
    }

    public ValueTask<long> KnowsInMs() => new(MayBeReplaced() ? 1 : Math.Max(0, _memory.FloorMs - NowMs()));

    private Task OnBeat()
    {
        if (!MayBeReplaced())
            _lastBeat = time.GetTimestamp();
        return Task.CompletedTask;
    }

    private bool MayBeReplaced()
    {
        if (time.GetElapsedTime(_lastBeat) <= LongestStandstill)
            return false;
        DeactivateOnIdle();
        return true;
    }

    private long NowMs() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
