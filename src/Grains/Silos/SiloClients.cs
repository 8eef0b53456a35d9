using System.Collections.Concurrent;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;

namespace Exchange.Grains.Silos;

/// <summary>Who of this silo talks to accounts as a client.</summary>
public sealed class SiloClients
{
    private readonly ConcurrentDictionary<NodeId, Action<NodeId, NodeMessage>> _clients = new();

    /// <param name="receive">Gets what accounts say, one message at a time; it must not wait.</param>
    public void Add(NodeId client, Action<NodeId, NodeMessage> receive) => _clients[client] = receive;

    public void Remove(NodeId client) => _clients.TryRemove(client, out _);

    internal void Receive(NodeId from, NodeId client, NodeMessage message)
    {
        if (_clients.TryGetValue(client, out Action<NodeId, NodeMessage>? receive))
            receive(from, message);
    }
}
