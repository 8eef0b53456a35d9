using Exchange.Grains.Interfaces;
using Exchange.Grains.Links;

namespace Exchange.Grains.Silos;

/// <summary>The way of all accounts' answers to clients: at once to those of this silo, to another silo together.</summary>
/// <remarks>Any thread. Answers of one account to one client arrive in their order or not at all.</remarks>
public sealed class SiloReplies(IGrainFactory grains, ILocalSiloDetails self, SiloClients clients)
{
    private readonly string _self = SiloDirectory.KeyOf(self.SiloAddress);
    private readonly SiloLinks<ClientReplies> _others =
        new(grains, static (silo, batch) => silo.Answer(new ReplyBatch(batch)), LinkLimits.Default);

    /// <param name="silo">Key of the <see cref="ISiloGrain"/> that the client is at.</param>
    internal void Send(string silo, ClientReplies replies)
    {
        if (silo == _self)
            clients.Receive(replies);
        else
            _others.Send(silo, replies);
    }
}
