using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Links;

namespace Exchange.Grains.Nodes;

/// <summary>One node's links to all it talks with.</summary>
/// <param name="find">Where a node is to be had; null: nowhere, what is sent to it is lost.</param>
internal sealed class NodeLinks(NodeId from, Func<NodeId, INodeReceiver?> find, LinkLimits limits)
{
    private readonly Dictionary<NodeId, (Link<NodeEnvelope> Link, NotedSpan Span)> _links = [];
    private readonly List<Link<NodeEnvelope>> _touched = [];

    /// <summary>Messages that were lost on the way: repeated by who wants them answered.</summary>
    public long Lost => _links.Values.Sum(known => known.Link.Lost);

    public void Add(NodeId to, NodeMessage message)
    {
        if (!_links.TryGetValue(to, out (Link<NodeEnvelope> Link, NotedSpan Span) known))
        {
            if (find(to) is not { } receiver)
                return;
            var span = new NotedSpan();
            known = _links[to] = (new Link<NodeEnvelope>(batch => receiver.Deliver(new NodeBatch(batch, span.Take())), limits), span);
        }

        known.Span.Note();
        known.Link.Add(new NodeEnvelope(from, to, message));
        _touched.Add(known.Link);
    }

    /// <summary>Ends when nothing is on its way.</summary>
    public Task Gone => Task.WhenAll(_links.Values.Select(known => known.Link.Gone));

    /// <summary>The turn is over: what was added leaves.</summary>
    public void Go()
    {
        foreach (Link<NodeEnvelope> link in _touched)
            link.Go();
        _touched.Clear();
    }

    /// <summary>Nothing is sent to it any more.</summary>
    public void Forget(NodeId to) => _links.Remove(to);
}
