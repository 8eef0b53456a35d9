using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Port;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Silos;

namespace Exchange.Grains.Accounts;

/// <summary>The way back to an account's clients: to their silos, each answer with what it speaks of.</summary>
internal sealed class ClientAnswers(SiloReplies replies)
{
    /// <summary>A command's token is the client's number in the session above its own (<see cref="AccountNode"/>).</summary>
    private const int NumberBits = 44;
    private readonly Dictionary<NodeId, string> _silos = [];
    private readonly List<(string Silo, ClientReplies Replies)> _fresh = [];

    /// <summary>The client is to be had there.</summary>
    public void Learn(NodeId client, string silo) => _silos[client] = silo;

    /// <summary>Null: the node is no client, or was not heard of.</summary>
    public string? SiloOf(NodeId node) => node.Kind == NodeKind.Client && _silos.TryGetValue(node, out string? silo) ? silo : null;

    /// <param name="made">Of the input that is being carried out, by token.</param>
    public void Add(NodeId client, RepliesMessage answers, IReadOnlyList<(ulong Token, CommandReply Reply)> made)
    {
        if (!_silos.TryGetValue(client, out string? silo))
            return;
        var details = new CommandReply?[answers.Answers.Length];
        int hint = 0;
        for (int i = 0; i < details.Length; i++)
            details[i] = Find(made, answers.Session, answers.Answers[i].Number, ref hint);
        _fresh.Add((silo, new ClientReplies(client, answers, details)));
    }

    public void Go()
    {
        foreach ((string silo, ClientReplies fresh) in _fresh)
            replies.Send(silo, fresh);
        _fresh.Clear();
    }

    /// <param name="hint">Where it is looked for first: answers come mostly in the order in which they were made.</param>
    private static CommandReply? Find(IReadOnlyList<(ulong Token, CommandReply Reply)> made, ulong session, ulong number, ref int hint)
    {
        ulong token = (ulong)(uint)session << NumberBits | number;
        for (int i = 0; i < made.Count; i++)
        {
            int at = hint + i < made.Count ? hint + i : hint + i - made.Count;
            if (made[at].Token != token)
                continue;
            hint = at + 1 < made.Count ? at + 1 : 0;
            return made[at].Reply;
        }

        return null;
    }
}
