using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Exchange.Cli.Doctor;

/// <summary>The kernel's settings: one list for the checks and for infra/host-tuning/90-exchange.conf.</summary>
internal static class Sysctls
{
    public const string FileName = "90-exchange.conf";

    private const long MiB = 1 << 20;

    private static readonly ImmutableArray<Sysctl> List =
    [
        AtMost("vm.swappiness", 1, "A page of the heap that was swapped out stops the engine for a disk's read at the next collection."),
        AtMost("vm.dirty_background_bytes", 64 * MiB, "Snapshots and logs go to the disk in small lots; a share of a large memory would go at once, and the journal's sync waits behind it."),
        AtMost("vm.dirty_bytes", 512 * MiB, "The most that may wait to be written; whoever writes beyond it is stopped, and the less there is the less a sync finds before it."),
        Exactly("vm.compaction_proactiveness", 0, "Pages are not moved under running threads to make room for huge pages nobody asked for."),
        Exactly("vm.zone_reclaim_mode", 0, "Memory of another NUMA node is better than dropping the cache of this one while an order waits."),
        AtLeast("vm.stat_interval", 10, "The kernel's own statistics wake every processor, isolated ones too; every ten seconds is enough."),
        Exactly("kernel.numa_balancing", 0, "It unmaps pages on a trial to see who uses them: page faults on the order path. Pin instead."),
        AtLeast("fs.nr_open", 1_048_576, "No process may have more open files than this, whatever its own limit; each client is one."),
        AtLeast("net.core.somaxconn", 4_096, "After a fail-over all clients come back at once; a shorter queue cuts the servers' own."),
        AtLeast("net.ipv4.tcp_max_syn_backlog", 4_096, "After a fail-over all clients come back at once; these are the connections whose handshake is not over."),
        AtLeast("net.core.netdev_max_backlog", 4_096, "Packets that wait for a processor: one trade to thousands of streams comes back as thousands of acknowledgements."),
        Exactly("net.ipv4.tcp_slow_start_after_idle", 0, "A stream that was quiet for a moment would begin slowly again, just when something happens."),
        AtMost("net.ipv4.tcp_retries2", 8, "A connection whose other end vanished without a word is given up after some 100 s, not after 15 minutes."),
    ];

    public static IEnumerable<HostCheck> Checks => List.Select(CheckOf);

    /// <summary>Infra/host-tuning/90-exchange.conf.</summary>
    public static string Conf()
    {
        var text = new StringBuilder();
        text.Append("# Made from src/Cli/Doctor/Sysctls.cs; a test compares it and tells how to make it anew.\n");
        text.Append("# Goes to /etc/sysctl.d; `sysctl --system` applies it, `exchange doctor` verifies it.\n");
        foreach (Sysctl sysctl in List)
            text.Append(CultureInfo.InvariantCulture, $"\n# {sysctl.Why}\n{sysctl.Key} = {sysctl.Value}\n");
        return text.ToString();
    }

    private static HostCheck CheckOf(Sysctl sysctl)
    {
        string path = "/proc/sys/" + sysctl.Key.Replace('.', '/');
        return new HostCheck
        {
            Name = sysctl.Key,
            Wanted = sysctl.Wanted,
            Why = sysctl.Why,
            Remedy = $"Put infra/host-tuning/{FileName} into /etc/sysctl.d and run sysctl --system.",
            SetBy = FileName,
            SeenIn = path,
            Look = host => host.Number(path) switch
            {
                null => Sight.Unseen(path),
                0 when sysctl.IsBytes => Sight.Warn("a share of the memory"),
                { } value => new Sight(sysctl.Holds(value) ? Verdict.Ok : Verdict.Warn, value.ToString(CultureInfo.InvariantCulture)),
            },
        };
    }

    private static Sysctl Exactly(string key, long value, string why) => new(key, value, $"{value}", why, found => found == value);

    private static Sysctl AtLeast(string key, long value, string why) => new(key, value, $"at least {value}", why, found => found >= value);

    private static Sysctl AtMost(string key, long value, string why) => new(key, value, $"at most {value}", why, found => found <= value);

    private sealed record Sysctl(string Key, long Value, string Wanted, string Why, Func<long, bool> Holds)
    {
        /// <summary>0 is not the least then: a share of the memory counts in its place.</summary>
        public bool IsBytes => Key.EndsWith("_bytes", StringComparison.Ordinal);
    }
}
