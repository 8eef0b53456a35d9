using System.Collections.Concurrent;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Grains.Interfaces;

namespace Exchange.Grains.Silos;

/// <summary>Who of this silo talks to accounts as a client.</summary>
public sealed class SiloClients
{
    private readonly ConcurrentDictionary<NodeId, ISiloClient> _clients = new();

    internal void Add(NodeId address, ISiloClient client) => _clients[address] = client;

    internal void Remove(NodeId client) => _clients.TryRemove(client, out _);

    internal void Receive(NodeId from, NodeId client, NodeMessage message)
    {
        if (_clients.TryGetValue(client, out ISiloClient? known))
            known.Receive(from, message);
    }

    internal void Receive(ClientReplies replies)
    {
        if (_clients.TryGetValue(replies.Client, out ISiloClient? known))
            known.Receive(replies);
    }

    /// <summary>What a client sent to a node did not arrive, or nobody knows whether it did.</summary>
    internal void Lose(NodeId client, NodeId to)
    {
        if (_clients.TryGetValue(client, out ISiloClient? known))
            known.Lose(to);
    }
}

/// <summary>Takes what accounts say; any thread, and it must not wait.</summary>
internal interface ISiloClient
{
    void Receive(NodeId from, NodeMessage message);

    void Receive(ClientReplies replies);

    void Lose(NodeId to);
}
