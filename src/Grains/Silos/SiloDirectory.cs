using System.Collections.Immutable;
using Exchange.Core.Nodes;

namespace Exchange.Grains.Silos;

/// <summary>The silos there are, as nodes that a grain may send to.</summary>
/// <remarks>Their numbers are this process's own: they name links, and mean nothing elsewhere.</remarks>
public sealed class SiloDirectory(IClusterMembershipService membership)
{
    private readonly Lock _lock = new();
    private readonly List<string> _keys = [];
    private readonly Dictionary<SiloAddress, NodeId> _nodes = [];
    private MembershipVersion _version = MembershipVersion.MinValue;
    private ImmutableArray<NodeId> _boards = [];

    /// <summary>The table of marks of every silo that lives.</summary>
    internal ImmutableArray<NodeId> Boards
    {
        get
        {
            ClusterMembershipSnapshot now = membership.CurrentSnapshot;
            lock (_lock)
            {
                if (now.Version != _version)
                {
                    _version = now.Version;
                    _boards = [.. now.Members.Values.Where(member => member.Status == SiloStatus.Active).Select(member => NodeOf(member.SiloAddress))];
                }

                return _boards;
            }
        }
    }

    /// <summary>Key of the grain that stands for a silo.</summary>
    internal static string KeyOf(SiloAddress silo) => silo.ToParsableString();

    internal string? Find(NodeId board)
    {
        lock (_lock)
            return board.Key < _keys.Count ? _keys[(int)board.Key] : null;
    }

    private NodeId NodeOf(SiloAddress silo)
    {
        if (_nodes.TryGetValue(silo, out NodeId known))
            return known;
        _keys.Add(KeyOf(silo));
        return _nodes[silo] = new NodeId(NodeKind.Boards, (uint)_keys.Count - 1);
    }
}
