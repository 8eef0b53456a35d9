using System.Globalization;

namespace Exchange.Cli.Doctor;

/// <summary>Whether packets come quickly, and not to the processors that match.</summary>
internal static class NetworkChecks
{
    private const string Cards = "/sys/class/net";
    private const string Interrupts = "/proc/irq";
    private const int EnoughQueues = 4;
    private const uint LongestWaitUs = 20;

    public static IEnumerable<HostCheck> All =>
    [
        new()
        {
            Name = "irq-affinity",
            Wanted = "no interrupt on an isolated processor",
            Why = "An interrupt takes the processor from the engine without asking, and its cache with it.",
            Remedy = HostCheck.Tune + ", and keep irqbalance from them or off.",
            SetBy = "tune.sh",
            SeenIn = $"{Interrupts}/*/effective_affinity_list",
            Look = LookAtInterrupts,
        },
        new()
        {
            Name = "receive-queues",
            Wanted = $"as many queues as processors, up to {EnoughQueues}, or packets steered by the kernel",
            Why = "One queue is one processor for every packet of every client.",
            Remedy = HostCheck.Tune + ", or take a card or machine type with more queues.",
            SetBy = "tune.sh",
            SeenIn = $"{Cards}/*/queues/rx-*/rps_cpus",
            Look = LookAtQueues,
        },
        new()
        {
            Name = "interrupt-coalescing",
            Wanted = $"not adaptive, at most {LongestWaitUs} us",
            Why = "A card that waits for more packets adds its waiting to every single order, and more of it when the market is quiet.",
            Remedy = HostCheck.Tune + ".",
            SetBy = "tune.sh",
            SeenIn = "ethtool's ioctl",
            Look = LookAtCoalescing,
        },
    ];

    private static Sight LookAtInterrupts(Host host)
    {
        IReadOnlySet<int> isolated = CpuList.Parse(host.Text(CpuChecks.Isolated));
        if (isolated.Count == 0)
            return Sight.Ok("nothing is isolated");
        string[] there = [.. host.Names(Interrupts)
            .Where(irq => CpuList.Parse(host.Text($"{Interrupts}/{irq}/effective_affinity_list")).Overlaps(isolated))];
        return there.Length == 0 ? Sight.Ok("none on isolated processors") : Sight.Warn($"on isolated processors: {string.Join(", ", there)}");
    }

    private static Sight LookAtQueues(Host host)
    {
        int wanted = Math.Min(EnoughQueues, host.Processors);
        string[] narrow = [.. PhysicalCards(host).Where(card => !IsSpread(host, card, wanted))];
        return narrow.Length == 0 ? Sight.Ok("spread") : Sight.Warn($"too few, and not steered: {string.Join(", ", narrow)}");
    }

    private static bool IsSpread(Host host, string card, int wanted)
    {
        string[] queues = [.. host.Names($"{Cards}/{card}/queues").Where(queue => queue.StartsWith("rx-", StringComparison.Ordinal))];
        return queues.Length >= wanted || queues.All(queue => host.Text($"{Cards}/{card}/queues/{queue}/rps_cpus") is { } mask && mask.Any(digit => digit is not ('0' or ',')));
    }

    private static Sight LookAtCoalescing(Host host)
    {
        var slow = new List<string>();
        foreach (string card in PhysicalCards(host))
            if (host.Coalescing(card) is { } set && (set.IsAdaptive || set.ReceiveUs > LongestWaitUs))
                slow.Add(string.Create(CultureInfo.InvariantCulture, $"{card} waits {(set.IsAdaptive ? "as it likes" : $"{set.ReceiveUs} us")}"));
        return slow.Count == 0 ? Sight.Ok("short, or not the driver's to set") : Sight.Warn(string.Join(", ", slow));
    }

    /// <summary>Bridges, tunnels and the loopback have no device below them.</summary>
    private static IEnumerable<string> PhysicalCards(Host host) =>
        host.Names(Cards).Where(card => host.Names($"{Cards}/{card}").Contains("device", StringComparer.Ordinal));
}
