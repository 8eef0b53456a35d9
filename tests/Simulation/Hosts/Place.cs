using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Simulation.Worlds;

namespace Exchange.Simulation.Hosts;

/// <summary>Where a node lives: its living activation, and now and then a dead one that does not know it is dead.</summary>
internal abstract class Place(World world, NodeId id, Action<byte[]> appended) : Participant(world, id)
{
    private static readonly Dictionary<NodeKind, Happening> Ghosts = new()
    {
        [NodeKind.Book] = Happening.GhostOfBook, [NodeKind.Mark] = Happening.GhostOfMark, [NodeKind.Clearing] = Happening.GhostOfClearing,
        [NodeKind.Account] = Happening.GhostOfAccount,
    };

    private long _ghostUntilMs;
    private long _clockOffsetMs;

    public Stream Stream { get; } = new(appended, world.Mutant != Mutant.AppendIsNotFenced);

    public Activation? Living { get; private set; }

    public bool IsUp => Living is not null;

    /// <summary>When it comes up again.</summary>
    public long DownUntilMs { get; private set; }

    public override bool IsAtRest => Ghost is null && Living is { IsAtRest: true };

    /// <summary>The clock of the machine it is on.</summary>
    public long ClockMs => World.NowMs + _clockOffsetMs;

    protected Activation? Ghost { get; private set; }

    public bool IsGhost(Activation activation) => activation == Ghost;

    public void SetClock(long offsetMs)
    {
        World.Trace(this, $"its clock is off by {offsetMs} ms");
        _clockOffsetMs = offsetMs;
    }

    public void Start()
    {
        Living = Create();
        World.Trace(this, $"starts with epoch {Living.Epoch}");
        Living.Start();
        EndThoseThatStepDown();
    }

    /// <summary>Everything not durable is lost, unless the dead one goes on as if nothing had happened.</summary>
    public void Kill(long downMs)
    {
        World.Trace(this, $"dies for {downMs} ms");
        DownUntilMs = World.NowMs + downMs;
        Activation dead = Living!;
        Living = null;
        if (Ghost is null && !dead.HasEnded && Random.Chance(World.Faults.Doubled))
        {
            World.Trace(this, "goes on as a ghost");
            World.Happenings.Count(Ghosts[Id.Kind]);
            Ghost = dead;
            _ghostUntilMs = World.NowMs + Random.Between(500, 6_000);
            return;
        }

        dead.Die();
    }

    /// <summary>Whoever is found is told: a message may reach the living or the dead.</summary>
    public override void Receive(NodeId from, NodeMessage message)
    {
        Activation? to = Ghost is null || Random.Chance(50_000) ? Living : Ghost;
        to?.Receive(from, message);
        EndThoseThatStepDown();
    }

    public override void Step()
    {
        if (!IsUp && World.NowMs >= DownUntilMs)
            Start();
        Living?.Step();
        Ghost?.Step();
        if (Ghost is not null && (World.NowMs >= _ghostUntilMs || World.Faults == Faults.None))
        {
            Ghost.Die();
            Ghost = null;
        }

        EndThoseThatStepDown();
    }

    protected abstract Activation Create();

    private void EndThoseThatStepDown()
    {
        if (Ghost is { HasEnded: true })
        {
            Ghost.Die();
            Ghost = null;
        }

        if (Living is { HasEnded: true })
            Kill(Random.Between(10, 500));
    }

    public override string ToString() => base.ToString();

    public string Describe() => $"{this}: {(Living is null ? "down" : Living.ToString())}";
}
