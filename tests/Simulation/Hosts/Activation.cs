using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Simulation.Worlds;

namespace Exchange.Simulation.Hosts;

/// <summary>One life of a node on some machine, with its epoch and its writes under way.</summary>
internal abstract class Activation(Place place) : INodeHost
{
    private bool _leavesWriteBehind;

    public Place Place { get; } = place;

    public uint Epoch { get; } = place.Stream.TakeEpoch();

    /// <summary>Its machine is gone; what it has under way with the store may still get there.</summary>
    public bool IsDead { get; private set; }

    /// <summary>It must end, because another one lives or because it does not know what became of a write.</summary>
    public bool HasEnded { get; private set; }

    public abstract bool IsAtRest { get; }

    public long NowMs => Place.ClockMs;

    protected World World => Place.World;

    protected SplitMix Random => Place.World.Random;

    protected bool Acts => !IsDead && !HasEnded;

    /// <summary>Reads what is durable, and begins.</summary>
    public abstract void Start();

    public abstract void Receive(NodeId from, NodeMessage message);

    public abstract void Step();

    /// <summary>What every machine says must hold of itself.</summary>
    public abstract void CheckInvariants();

    public abstract void Send(NodeId to, NodeMessage message);

    public void StepDown(string why) => End($"steps down: {why}");

    public void Die()
    {
        IsDead = true;
        _leavesWriteBehind = Random.Chance(50_000);
    }

    protected void End(string why)
    {
        if (HasEnded)
            return;
        World.Trace(Place, Place.IsGhost(this) ? $"the ghost {why}" : why);
        HasEnded = true;
    }

    protected void SendNow(NodeId to, NodeMessage message)
    {
        if (Place.IsGhost(this))
            World.Trace(Place, "the ghost sends:");
        World.Send(Place.Id, to, message);
    }

    /// <summary>Asks the store to write; its answer comes later, if at all, and may say that nobody knows.</summary>
    /// <param name="write">Tries so much of the write, in thousandths; false: the store refuses the writer.</param>
    /// <param name="done">It is durable.</param>
    protected void Write(Func<int, bool> write, Action done)
    {
        bool isSlow = Random.Chance(World.Faults.SlowSync);
        World.At(World.NowMs + (isSlow ? Random.Between(200, 2_000) : Random.Between(1, 30)), () => Reach(write, done));
    }

    private void Reach(Func<int, bool> write, Action done)
    {
        if (IsDead && !_leavesWriteBehind)
            return;
        bool isUnknown = Random.Chance(World.Faults.FailedSync);
        bool isDone = false;
        if (!isUnknown)
            isDone = write(1_000);
        else if (Random.Chance(67_000))
            write(Random.Chance(50_000) ? 1_000 : Random.Below(1_001));
        World.At(World.NowMs + Random.Between(1, 30), () => Hear(isUnknown, isDone, done));
    }

    private void Hear(bool isUnknown, bool isDone, Action done)
    {
        if (!Acts)
            return;
        if (isUnknown || !isDone)
            World.Happenings.Count(isUnknown ? Happening.WriteUnknown : Happening.WriteRefused);
        if (isUnknown)
            End("does not know what became of a write");
        else if (!isDone)
            End("is refused by the store");
        else
            done();
    }
}
