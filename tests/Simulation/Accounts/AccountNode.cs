using Exchange.Core.Accounts;
using Exchange.Core.Accounts.Links;
using Exchange.Simulation.Disks;
using Exchange.Simulation.Networks;
using Exchange.Simulation.Worlds;

namespace Exchange.Simulation.Accounts;

/// <summary>Hosts one account: the living activation, and now and then a dead one that does not know it is dead.</summary>
internal sealed class AccountNode(World world, int id, uint account) : Node(world, id, $"account {account}")
{
    private readonly StateStore _store = new();
    private Activation? _living;
    private Activation? _ghost;
    private long _ghostUntilMs;

    public uint Account => account;

    public StateStore Store => _store;

    /// <summary>The machine of the living activation; null while there is none.</summary>
    public MarginAccount? Machine => Link?.Account;

    public LinkedAccount? Link => IsUp && _living is { IsStarted: true } living ? living.Link : null;

    public override bool IsAtRest => _ghost is null && _living is { IsAtRest: true };

    protected override void OnStart() => _living = new Activation(World, this, _store);

    protected override void OnKill()
    {
        Activation? dead = _living;
        _living = null;
        if (dead is null)
            return;
        if (_ghost is null && Random.Chance(World.Faults.Doubled))
        {
            World.Trace(this, "goes on as a ghost");
            _ghost = dead;
            _ghostUntilMs = NowMs + Random.Between(500, 6_000);
            return;
        }

        dead.Crash();
    }

    /// <summary>Whoever is found is told: a message may reach the living or the dead.</summary>
    public override void Receive(int from, Message message)
    {
        Activation? to = _ghost is null || Random.Chance(50_000) ? _living : _ghost;
        to?.Receive(from, message);
        EndThoseThatStepDown();
    }

    public override void Tick()
    {
        _living?.Tick();
        if (_ghost is { } ghost)
        {
            ghost.Tick();
            if (NowMs >= _ghostUntilMs || World.Faults == Faults.None)
            {
                ghost.Crash();
                _ghost = null;
            }
        }

        EndThoseThatStepDown();
    }

    public void CheckInvariants()
    {
        if (Link is not null)
            _living!.CheckInvariants();
    }

    internal void SendFrom(Activation activation, int to, Message message)
    {
        if (activation == _ghost)
            World.Trace(this, "ghost sends:");
        Send(to, message);
    }

    private void EndThoseThatStepDown()
    {
        if (_ghost is { HasSteppedDown: true })
        {
            World.Trace(this, "ghost steps down");
            _ghost = null;
        }

        if (_living is { HasSteppedDown: true })
        {
            World.Trace(this, "steps down");
            _living.Crash();
            _living = null;
            Kill(Random.Between(10, 500));
        }
    }

    public override string ToString() => $"{Name} {(_living is null ? "down" : _living.ToString())}";
}
