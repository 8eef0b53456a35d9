using System.Collections.Immutable;

namespace Exchange.Grains.Silos;

/// <summary>The silos there are.</summary>
public sealed class SiloDirectory(IClusterMembershipService membership)
{
    private readonly Lock _lock = new();
    private MembershipVersion _version = MembershipVersion.MinValue;
    private ImmutableArray<string> _boards = [];

    /// <summary>Keys of the grains of every silo that lives: each has a table of marks.</summary>
    internal ImmutableArray<string> Boards
    {
        get
        {
            ClusterMembershipSnapshot now = membership.CurrentSnapshot;
            lock (_lock)
            {
                if (now.Version != _version)
                {
                    _version = now.Version;
                    _boards = [.. now.Members.Values.Where(member => member.Status == SiloStatus.Active).Select(member => KeyOf(member.SiloAddress))];
                }

                return _boards;
            }
        }
    }

    /// <summary>Key of the grain that stands for a silo.</summary>
    internal static string KeyOf(SiloAddress silo) => silo.ToParsableString();
}
