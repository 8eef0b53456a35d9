using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Markets;
using Exchange.Grains.Nodes;
using Exchange.Grains.Placement;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Exchange.Grains.Silos;

/// <summary>Feeds a silo's table of marks and its mirror of market data, and hands its nodes and clients what other silos send them.</summary>
/// <remarks>Marks are told every second, instruments are asked for as often: whatever is lost comes again.</remarks>
[GrainType(GrainTypes.Silo)]
[Reentrant]
[OnSilo]
[KeepAlive]
[Immovable]
public sealed partial class SiloGrain(
    SiloBoard board, SiloClients clients, NodePost post, MarketMirror mirror, SiloIdentity self, TimeProvider time, ILogger<SiloGrain> log)
    : Grain, ISiloGrain
{
    private static readonly TimeSpan AskAgain = TimeSpan.FromMilliseconds(500);
    private ulong _revision;
    private bool _isAsking;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(static (grain, _) => grain.Ask(), this, new() { DueTime = TimeSpan.Zero, Period = AskAgain, Interleave = true });
        return Task.CompletedTask;
    }

    public ValueTask<(string Name, string Role)> Introduce() => ValueTask.FromResult((self.Name, self.Role.ToString()));

    public ValueTask Deliver(NodeBatch batch)
    {
        bool isOfBoard = false;
        foreach (ref readonly NodeEnvelope envelope in batch.Envelopes)
        {
            if (envelope.To.Kind != NodeKind.Boards)
                continue;
            board.Board.Receive(envelope.Message);
            isOfBoard = true;
        }

        if (isOfBoard)
            Publish();
        post.Arrive(batch);
        return ValueTask.CompletedTask;
    }

    public ValueTask Answer(ReplyBatch batch)
    {
        foreach (ClientReplies replies in batch.Replies)
            clients.Receive(replies);
        return ValueTask.CompletedTask;
    }

    /// <remarks>Beside other calls: its sources send nothing else until it is answered.</remarks>
    public ValueTask<MarketPlace[]> Tell(MarketBatch[] batches) => new(Task.Run(() => Array.ConvertAll(batches, mirror.Take)));

    private void Publish() => board.Publish(time.GetUtcNow().ToUnixTimeMilliseconds());

    private async Task Ask()
    {
        Publish();
        if (_isAsking)
            return;
        _isAsking = true;
        try
        {
            if (await GrainFactory.GetGrain<IOperatorGrain>(0).Instruments(_revision) is { } list)
            {
                _revision = list.Revision;
                await Deliver(list.Instruments);
                board.IsTold();
            }
        }
        catch (Exception cause)
        {
            LogNotAnswered(log, cause.Message);
        }
        finally
        {
            _isAsking = false;
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "The operator does not answer: {Cause}")]
    private static partial void LogNotAnswered(ILogger log, string cause);
}
