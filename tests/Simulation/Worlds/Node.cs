using Exchange.Simulation.Networks;

namespace Exchange.Simulation.Worlds;

/// <summary>A machine's host: takes messages, sends messages, dies and comes up again.</summary>
internal abstract class Node(World world, int id, string name)
{
    public int Id { get; } = id;

    public string Name { get; } = name;

    public bool IsUp { get; private set; }

    /// <summary>When it comes up again.</summary>
    public long DownUntilMs { get; private set; }

    protected World World { get; } = world;

    protected SplitMix Random => World.Random;

    protected long NowMs => World.NowMs;

    public void Start()
    {
        World.Trace(this, "starts");
        IsUp = true;
        OnStart();
    }

    /// <summary>Everything not durable is lost.</summary>
    public void Kill(long downMs)
    {
        World.Trace(this, $"dies for {downMs} ms");
        IsUp = false;
        DownUntilMs = NowMs + downMs;
        OnKill();
    }

    public abstract void Receive(int from, Message message);

    /// <summary>Once a step: disk and timers.</summary>
    public abstract void Tick();

    /// <summary>Nothing is left to do but what goes on for ever: marks, samples.</summary>
    public abstract bool IsAtRest { get; }

    protected abstract void OnStart();

    protected abstract void OnKill();

    public override string ToString() => Name;

    protected void Send(int to, Message message) => World.Send(this, to, message);
}
