using System.Collections.Concurrent;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Links;

namespace Exchange.Grains.Silos;

/// <summary>The way of all accounts' answers to clients: at once to those of this silo, to another silo together.</summary>
/// <remarks>Any thread. Answers of one account to one client arrive in their order or not at all.</remarks>
public sealed class SiloReplies(IGrainFactory grains, ILocalSiloDetails self, SiloClients clients)
{
    private readonly string _self = SiloDirectory.KeyOf(self.SiloAddress);
    private readonly ConcurrentDictionary<string, Link<ClientReplies>> _links = new();

    /// <param name="silo">Key of the <see cref="ISiloGrain"/> that the client is at.</param>
    internal void Send(string silo, ClientReplies replies)
    {
        if (silo == _self)
        {
            clients.Receive(replies);
            return;
        }

        Link<ClientReplies> link = _links.GetOrAdd(silo, LinkTo);
        link.Add(replies);

        // Not by the caller's turns: its activation may end while others' answers are under way.
        ThreadPool.UnsafeQueueUserWorkItem(static link => link.Go(), link, preferLocal: false);
    }

    private Link<ClientReplies> LinkTo(string silo)
    {
        var grain = grains.GetGrain<ISiloGrain>(silo);
        return new Link<ClientReplies>(batch => grain.Answer(new ReplyBatch(batch)), LinkLimits.Default);
    }
}
