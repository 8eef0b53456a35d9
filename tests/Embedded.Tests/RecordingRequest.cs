using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Port;

namespace Exchange.Embedded.Tests;

/// <summary>A request that remembers which of its callbacks came.</summary>
internal sealed class RecordingRequest : VenueRequest
{
    private readonly TaskCompletionSource<string> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _applied = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private RejectReason _reason;

    public RecordingRequest(in Command command, Instrument? listing = null)
    {
        Command = command;
        Listing = listing;
    }

    /// <summary>"durable REASON", "refused REASON" or "stopped".</summary>
    public Task<string> Answer => _answer.Task;

    /// <summary>The engine has applied it.</summary>
    public Task Applied => _applied.Task;

    /// <summary>What a question saw; commands leave it 0.</summary>
    public long SeenWalletE8 { get; private set; }

    public uint AsksForAccount { get; init; }

    protected internal override void OnApplied(Engine engine, EngineOutput output)
    {
        _reason = Command.Kind == CommandKind.None ? RejectReason.None : output.Reason;
        if (AsksForAccount != 0)
            SeenWalletE8 = engine.Account(AsksForAccount)!.WalletE8;
        _applied.TrySetResult();
    }

    protected internal override void OnDurable(ReadOnlySpan<FeedEvent> events) => Assert.True(_answer.TrySetResult($"durable {_reason}"));

    protected internal override void OnRefused(RejectReason reason) => Assert.True(_answer.TrySetResult($"refused {reason}"));

    protected internal override void OnStopped(Exception? cause) => Assert.True(_answer.TrySetResult("stopped"));
}
