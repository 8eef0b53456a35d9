using System.Diagnostics;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Grains.Interfaces;
using Exchange.Storage.Streams;
using Microsoft.Extensions.Logging;

namespace Exchange.Grains.Nodes;

/// <summary>One activation of a node of the protocol: brings it messages and time, and carries what it says.</summary>
/// <remarks>
/// Calls interleave only where the grain waits for the store; the node itself is entered once at a time and never waits. An activation
/// that may not go on (another has opened its stream, or what became of a write is unknown) is over: it says nothing more, and the
/// next one reads back what is durable.
/// </remarks>
public abstract partial class NodeGrain : Grain, INodeReceiver, INodeHost
{
    /// <summary>A store that takes no writes, or a receiver that does not answer, is not waited for longer.</summary>
    private static readonly TimeSpan WritePatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LeavePatience = TimeSpan.FromMilliseconds(250);

    /// <summary>Orleans sees calls alone, and few come by one: it is told now and then that the activation is in use.</summary>
    private static readonly TimeSpan KeptWhenUsed = TimeSpan.FromMinutes(15);
    private const long ToldEveryMs = 60_000;
    private const int MostInInbox = 65_536;
    private readonly NodeServices _services;
    private readonly NodeInbox _inbox;
    private readonly List<(NodeEnvelope Envelope, string? Silo)> _leaving = [];
    private readonly Action _takeMail;
    private long _toldMs;
    private IGrainTimer? _timer;
    private long _timerAtMs = long.MaxValue;
    private bool _isLeaving;

    private protected NodeGrain(NodeServices services, NodeKind kind)
    {
        _services = services;
        Id = new NodeId(kind, (uint)this.GetPrimaryKeyLong());
        _takeMail = TakeMail;
        _inbox = new NodeInbox(MostInInbox, Wake);
    }

    public NodeId Id { get; }

    public long NowMs => _services.Time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>It says nothing more and takes nothing more.</summary>
    private protected bool IsOver { get; private set; }

    /// <summary>Nobody is to wait for it any longer: an activation ends only when nobody does.</summary>
    private protected bool IsEnding => IsOver || _isLeaving || _services.Stopping.IsCancellationRequested;

    private protected NodeServices Services => _services;

    private protected IStreamStore Store => _services.Store;

    private protected StreamId Stream => new((byte)Id.Kind, Id.Key);

    private protected abstract long NextTickMs { get; }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _timer = this.RegisterGrainTimer(
            static (grain, _) => grain.OnTimer(), this, new() { DueTime = Timeout.InfiniteTimeSpan, Period = Timeout.InfiniteTimeSpan, Interleave = true });
        await Open(cancellationToken);
        EndTurn();
        _services.Tenants.Add(this);
        _services.Post.Open(Id, _inbox);
        LogActive(_services.Log, Id);
    }

    /// <summary>Hands over: what is under way is made durable, and what it led to leaves, before another activation can begin.</summary>
    /// <remarks>No call and no timer comes in any more; calls and messages that wait are passed on to the next activation.</remarks>
    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _services.Tenants.Remove(this);
        if (IsOver)
            return;
        _services.Post.PassOn(_services.Post.Close(Id, _inbox));
        try
        {
            await WriteOut().WaitAsync(WritePatience, _services.Time, cancellationToken);
            if (_services.Stopping.IsCancellationRequested)
                await _services.Post.Gone.WaitAsync(LeavePatience, _services.Time, cancellationToken);
        }
        catch (Exception cause) when (cause is TimeoutException or OperationCanceledException)
        {
            // As if it had been killed: the next activation reads back what is durable, and who waits for an answer asks again.
            LogHandsOverLess(_services.Log, Id, cause.Message);
        }

        IsOver = true;
        LetGo();
    }

    /// <summary>Takes what came by a call: from who does not know yet where this lives, or as it has just come up.</summary>
    public ValueTask Deliver(NodeBatch batch)
    {
        for (int i = 0; i < batch.Envelopes.Length; i++)
        {
            ref readonly NodeEnvelope envelope = ref batch.Envelopes[i];
            _services.Post.Learn(envelope.From, batch.Silo);
            _inbox.TryAdd(new Mail(envelope, batch.Silo), i == batch.Traced ? batch.Trace : default);
        }

        return ValueTask.CompletedTask;
    }

    public abstract void Send(NodeId to, NodeMessage message);

    /// <summary>Ends this activation; nothing that waits leaves.</summary>
    public void StepDown(string why)
    {
        if (IsOver)
            return;
        IsOver = true;
        _services.Post.Close(Id, _inbox);
        LogStepsDown(_services.Log, Id, why);
        LetGo();
        DeactivateOnIdle();
    }

    /// <summary>Whoever waits for it is told that it is ending.</summary>
    private protected virtual void LetGo()
    {
    }

    /// <summary>Ends this activation, and has the next one come up where the grain is placed now. Any thread.</summary>
    internal Task GoHome()
    {
        GrainContext.Scheduler.QueueAction(Leave);
        return GrainContext.Deactivated;
    }

    /// <summary>
    /// As a migration, with nothing to carry: silos that remember this place would call the grain up here again if it were only ended.
    /// </summary>
    private void Leave()
    {
        _isLeaving = true;
        LetGo();
        MigrateOnIdle();
    }

    /// <summary>What the node may look at stands still from here on.</summary>
    private protected virtual void BeginTurn()
    {
    }

    /// <summary>Reads back what is durable and starts the node.</summary>
    private protected abstract Task Open(CancellationToken cancellation);

    private protected abstract void Receive(NodeId from, NodeMessage message);

    private protected abstract void Tick();

    /// <summary>What the last input wants written is written.</summary>
    private protected abstract void Write();

    /// <summary>Ends when nothing more is being written.</summary>
    private protected abstract Task WriteOut();

    /// <summary>Too much waits to be written: nothing more is taken until <see cref="TakeAgain"/>.</summary>
    private protected virtual bool IsFull => false;

    private protected void TakeAgain() => _inbox.WakeAgain();

    /// <summary>A client sent something from there.</summary>
    private protected virtual void Learn(NodeId client, string silo)
    {
    }

    /// <summary>Any thread.</summary>
    private void Wake()
    {
        // What led to it goes with the message: the turn is not only his who was first.
        AsyncFlowControl? flow = ExecutionContext.IsFlowSuppressed() ? null : ExecutionContext.SuppressFlow();
        GrainContext.Scheduler.QueueAction(_takeMail);
        flow?.Undo();
    }

    private void TakeMail()
    {
        if (IsFull)
        {
            _inbox.Leave();
            return;
        }

        List<Mail> mail = _inbox.Take(out ActivityContext trace);
        using (NodeTracing.BeginTurn(Id, trace))
            Do(mail, static (grain, mail) => grain.Receive(mail));
        _inbox.PutBack(mail);
        long nowMs = NowMs;
        if (IsOver || nowMs - _toldMs < ToldEveryMs)
            return;
        _toldMs = nowMs;
        DelayDeactivation(KeptWhenUsed);
    }

    private void Receive(List<Mail> mail)
    {
        foreach (Mail one in mail)
        {
            if (IsOver)
                return;
            if (one.Envelope.From.Kind == NodeKind.Client && one.Silo is { } silo)
                Learn(one.Envelope.From, silo);
            Receive(one.Envelope.From, one.Envelope.Message);
        }
    }

    /// <summary>Enters the node. Where it finds itself broken it is not entered again: the journal says what it was.</summary>
    private protected void Do<T>(T input, Action<NodeGrain, T> enter)
    {
        if (IsOver)
            return;
        try
        {
            BeginTurn();
            enter(this, input);
        }
        catch (Exception broken)
        {
            StepDown(broken.ToString());
            return;
        }

        EndTurn();
    }

    /// <summary>Sends with the end of the turn, whatever is being written.</summary>
    /// <param name="silo">Where a client is; null: <paramref name="to"/> says enough.</param>
    private protected void Leave(NodeId to, NodeMessage message, string? silo = null) => _leaving.Add((new NodeEnvelope(Id, to, message), silo));

    /// <summary>What was told to leave is on its way.</summary>
    private protected void Depart()
    {
        foreach ((NodeEnvelope envelope, string? silo) in _leaving)
            _services.Post.Send(in envelope, silo);
        _leaving.Clear();
    }

    /// <summary>What is to be written is on its way, what may leave leaves, and the timer stands at when the node wants to be called.</summary>
    private protected void EndTurn()
    {
        if (IsOver)
            return;
        Write();
        Depart();
        long wanted = NextTickMs;
        if (wanted >= _timerAtMs)
            return;
        _timerAtMs = wanted;
        _timer!.Change(TimeSpan.FromMilliseconds(Math.Clamp(wanted - NowMs, 1, 60_000)), Timeout.InfiniteTimeSpan);
    }

    private Task OnTimer()
    {
        _timerAtMs = long.MaxValue;
        Do(0, static (grain, _) =>
        {
            if (grain.NowMs >= grain.NextTickMs)
                grain.Tick();
        });
        return Task.CompletedTask;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "{Node} is active.")]
    private static partial void LogActive(ILogger log, NodeId node);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Node} is handed over before all it said was heard: {Why}")]
    private static partial void LogHandsOverLess(ILogger log, NodeId node, string why);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Node} steps down: {Why}")]
    private static partial void LogStepsDown(ILogger log, NodeId node, string why);
}
