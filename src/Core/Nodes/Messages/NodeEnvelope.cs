namespace Exchange.Core.Nodes.Messages;

/// <summary>A message with who sent it and whom it is for: what links between hosts carry.</summary>
public readonly record struct NodeEnvelope(NodeId From, NodeId To, NodeMessage Message);

/// <summary>Bytes that are no message of this version: cut short, damaged, or lying about their content.</summary>
public sealed class NodeMessageException : Exception
{
    public NodeMessageException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
