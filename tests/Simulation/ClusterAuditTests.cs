using Exchange.Core.Nodes.Audits;
using Exchange.Simulation.Hosts;
using Exchange.Simulation.Worlds;

namespace Exchange.Simulation;

/// <summary>That it finds nothing where nothing is wrong every seed shows; here something is.</summary>
public sealed class ClusterAuditTests
{
    private readonly World _world = new(seed: 7, Faults.None);

    [Fact]
    public void An_account_that_has_gone_back_is_found()
    {
        _world.Run(steps: 300);
        AccountPlace victim = _world.Accounts[0];
        byte[] before = victim.Stream.State;
        _world.Run(steps: 700);

        Assert.Empty(Audit(place => place.Stream.State));
        Assert.NotEmpty(Audit(place => place == victim ? before : place.Stream.State));
    }

    [Fact]
    public void An_account_that_is_missing_is_found()
    {
        _world.Run(steps: 1_000);

        Assert.NotEmpty(Audit(place => place == _world.Accounts[0] ? null : place.Stream.State));
    }

    private IReadOnlyList<string> Audit(Func<AccountPlace, byte[]?> stateOf)
    {
        var audit = new ClusterAudit([.. _world.Books.Select(place => place.Follower)], [.. _world.Marks.Select(place => place.Follower)], _world.Clearing.Follower);
        foreach (AccountPlace place in _world.Accounts)
        {
            if (stateOf(place) is { } state)
                audit.Add(place.Account, place.Stream.Epoch, state);
        }

        audit.Finish();
        return audit.Faults;
    }
}
