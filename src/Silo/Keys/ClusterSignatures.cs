using Exchange.Core.Signatures;
using Exchange.Edge.Authentication;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Links;

namespace Exchange.Silo.Keys;

/// <summary>Signatures are taken once over all edges: by the grain that remembers those of the account.</summary>
/// <remarks>A link a part, so a signature costs its share of a call. The grains are called into life before anybody needs them.</remarks>
internal sealed partial class ClusterSignatures : BackgroundService, ISignatureGuard
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(1);
    private static readonly LinkLimits Limits = new();

    private readonly IGrainFactory _grains;
    private readonly ILogger<ClusterSignatures> _logger;
    private readonly Link<Pending>[] _links;
    private readonly TaskCompletionSource _knowing = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ClusterSignatures(IGrainFactory grains, ILogger<ClusterSignatures> logger)
    {
        _grains = grains;
        _logger = logger;
        _links = [.. Enumerable.Range(0, ISignatureGrain.Parts).Select(part => new Link<Pending>(batch => Take(part, batch), Limits))];
    }

    private sealed record Pending(UInt128 Signature, long TimestampMs)
    {
        public TaskCompletionSource<SignatureOutcome> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>The grains know by themselves.</summary>
    public long FloorMs => 0;

    /// <summary>Completes when every part has been reached and has known everything: signed requests pass from then on.</summary>
    public Task Knowing => _knowing.Task;

    public ValueTask<SignatureOutcome> Take(uint account, UInt128 signature, long timestampMs)
    {
        Link<Pending> link = _links[account % ISignatureGrain.Parts];
        if (link.Queued >= Limits.MostQueued)
            return new(SignatureOutcome.Full);
        var pending = new Pending(signature, timestampMs);
        link.Add(pending);
        link.Go();
        return new(pending.Outcome.Task);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        bool[] known = new bool[ISignatureGrain.Parts];
        using var timer = new PeriodicTimer(AskAgain);
        do
        {
            await Task.WhenAll(Enumerable.Range(0, known.Length).Select(part => Ask(part, known)));
            if (known.All(isKnown => isKnown))
                _knowing.TrySetResult();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    private async Task Ask(int part, bool[] known)
    {
        try
        {
            known[part] |= await _grains.GetGrain<ISignatureGrain>(part).KnowsInMs() == 0;
        }
        catch (Exception cause)
        {
            LogNotReached(_logger, part, cause.Message);
        }
    }

    private async ValueTask Take(int part, Pending[] batch)
    {
        SignatureOutcome[]? outcomes = null;
        try
        {
            outcomes = await _grains.GetGrain<ISignatureGrain>(part).Take(new SignatureBatch(
                [.. batch.Select(pending => pending.Signature)], [.. batch.Select(pending => pending.TimestampMs)]));
        }
        catch (Exception cause)
        {
            LogNotReached(_logger, part, cause.Message);
        }

        for (int i = 0; i < batch.Length; i++)
            batch[i].Outcome.SetResult(outcomes?[i] ?? SignatureOutcome.Unknown);
    }

    [LoggerMessage(1, LogLevel.Debug, "Part {Part} of the signatures does not answer: {Cause}")]
    private static partial void LogNotReached(ILogger logger, int part, string cause);
}
