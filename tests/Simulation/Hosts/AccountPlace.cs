using Exchange.Core.Accounts;
using Exchange.Core.Accounts.Links;
using Exchange.Core.Nodes;
using Exchange.Simulation.Worlds;

namespace Exchange.Simulation.Hosts;

/// <summary>Where an account lives.</summary>
internal sealed class AccountPlace(World world, uint account) : Place(world, NodeId.Account(account), static _ => { })
{
    public uint Account => account;

    public AccountNode? Node => (Living as AccountActivation)?.Node;

    public LinkedAccount? Link => Node is { IsStarted: true } node ? node.Link : null;

    /// <summary>The machine of the living activation; null while it does not take part.</summary>
    public MarginAccount? Machine => Link?.Account;

    protected override Activation Create() => new AccountActivation(this);
}
