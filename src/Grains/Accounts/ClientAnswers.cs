using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Port;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Links;

namespace Exchange.Grains.Accounts;

/// <summary>The way back to an account's clients: to their silos, each answer with what it speaks of.</summary>
internal sealed class ClientAnswers(IGrainFactory grains, LinkLimits limits)
{
    /// <summary>A command's token is the client's number in the session above its own (<see cref="AccountNode"/>).</summary>
    private const int NumberBits = 44;
    private readonly Dictionary<NodeId, string> _silos = [];
    private readonly Dictionary<string, Link<ClientReplies>> _links = [];
    private readonly List<Link<ClientReplies>> _touched = [];

    /// <summary>Who has sent something is to be had there.</summary>
    public void Learn(NodeBatch batch, string silo)
    {
        foreach (ref readonly NodeEnvelope envelope in batch.Envelopes)
            _silos[envelope.From] = silo;
    }

    /// <summary>Null: the node is no client, or was not heard of.</summary>
    public INodeReceiver? SiloOf(NodeId client) =>
        client.Kind == NodeKind.Client && _silos.TryGetValue(client, out string? silo) ? grains.GetGrain<ISiloGrain>(silo) : null;

    /// <param name="replies">Of the input that is being carried out, by token.</param>
    public void Add(NodeId client, RepliesMessage answers, IReadOnlyList<(ulong Token, CommandReply Reply)> replies)
    {
        if (!_silos.TryGetValue(client, out string? silo))
            return;
        if (!_links.TryGetValue(silo, out Link<ClientReplies>? link))
        {
            var grain = grains.GetGrain<ISiloGrain>(silo);
            link = _links[silo] = new Link<ClientReplies>(batch => grain.Answer(new ReplyBatch(batch)), limits);
        }

        link.Add(new ClientReplies(client, answers, [.. answers.Answers.Select(answer => Find(replies, answers.Session, answer.Number))]));
        _touched.Add(link);
    }

    public void Go()
    {
        foreach (Link<ClientReplies> link in _touched)
            link.Go();
        _touched.Clear();
    }

    private static CommandReply? Find(IReadOnlyList<(ulong Token, CommandReply Reply)> replies, ulong session, ulong number)
    {
        ulong token = (ulong)(uint)session << NumberBits | number;
        for (int i = 0; i < replies.Count; i++)
        {
            if (replies[i].Token == token)
                return replies[i].Reply;
        }

        return null;
    }
}
