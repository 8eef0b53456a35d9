using System.Globalization;

namespace Exchange.Cli.Doctor;

/// <summary>Whether processors are there, awake and left alone.</summary>
internal static class CpuChecks
{
    public const string Online = "/sys/devices/system/cpu/online";
    public const string Isolated = "/sys/devices/system/cpu/isolated";

    private const string Folder = "/sys/devices/system/cpu";
    private const string Status = "/proc/self/status";
    private const string Ticks = "/proc/stat";
    private const int Enough = 4;
    private const int StealColumn = 8;

    public static IEnumerable<HostCheck> All =>
    [
        new()
        {
            Name = "cpu-count",
            Wanted = $"at least {Enough} processors",
            Why = "The engine, the journal's writer, the replica and the edge each keep one busy under load; on fewer they wait for one another.",
            Remedy = "Take a larger machine, or give the container more processors.",
            SeenIn = "processors that the process may use",
            Look = host => new Sight(host.Processors >= Enough ? Verdict.Ok : host.Processors > 1 ? Verdict.Warn : Verdict.Fail, Text(host.Processors)),
        },
        new()
        {
            Name = "cpu-governor",
            Wanted = "performance on every processor",
            Why = "The threads of an exchange sleep and wake thousands of times a second; a governor that follows the load wakes them at the lowest frequency.",
            Remedy = HostCheck.Tune + ".",
            SetBy = "tune.sh",
            SeenIn = $"{Folder}/cpu*/cpufreq/scaling_governor",
            Look = LookAtGovernor,
        },
        new()
        {
            Name = "cpu-isolation",
            Wanted = "processors that the scheduler gives to nobody else",
            Why = "Another thread on the engine's processor costs it milliseconds; every order in flight waits with it.",
            Remedy = "In Kubernetes: kubelet's cpuManagerPolicy static and whole processors in a Guaranteed pod. "
                + "Else boot with isolcpus=managed_irq,domain,2-7 nohz_full=2-7 rcu_nocbs=2-7 and start the server with taskset on them.",
            SeenIn = $"{Isolated}, and Cpus_allowed_list in {Status}",
            Look = LookAtIsolation,
        },
        new()
        {
            Name = "cpu-throttling",
            Wanted = "never held back by a quota",
            Why = "A quota takes all processors away for the rest of its period, up to 100 ms, when threads together have used it up.",
            Remedy = "Set CPU requests and limits to the same whole number under the static CPU policy, or switch CFS quotas off (kubelet's cpuCFSQuota).",
            SeenIn = "cpu.stat of the own control group",
            Look = LookAtThrottling,
        },
        new()
        {
            Name = "cpu-steal",
            Wanted = "below 1 % since boot",
            Why = "Time in which the hypervisor ran somebody else: nothing in the machine can see it coming or make up for it.",
            Remedy = "Take a type of machine with processors of its own, or a dedicated host.",
            SeenIn = Ticks,
            Look = LookAtSteal,
        },
    ];

    private static Sight LookAtGovernor(Host host)
    {
        string[] governors = [.. host.Names(Folder)
            .Select(cpu => host.Text($"{Folder}/{cpu}/cpufreq/scaling_governor")).OfType<string>().Distinct(StringComparer.Ordinal)];
        if (governors.Length == 0)
            return Sight.Ok("none: hypervisor or firmware decides");
        return new Sight(governors is ["performance"] ? Verdict.Ok : Verdict.Warn, string.Join(", ", governors));
    }

    private static Sight LookAtIsolation(Host host)
    {
        if (host.Text(Isolated) is { Length: > 0 } isolated)
            return Sight.Ok($"isolated: {isolated}");
        string? own = host.Text(Status)?.Split('\n').FirstOrDefault(line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal))?.Split(':')[1].Trim();
        if (own is null || host.Text(Online) is not { } online)
            return Sight.Unseen(Status);
        int others = CpuList.Parse(online).Except(CpuList.Parse(own)).Count();
        return others > 0 ? Sight.Ok($"confined to {own} of {online}") : Sight.Warn($"none: all of {online} are everybody's");
    }

    private static Sight LookAtThrottling(Host host)
    {
        string group = host.Text("/proc/self/cgroup")?.Split('\n').FirstOrDefault(line => line.StartsWith("0::", StringComparison.Ordinal))?[3..].TrimEnd('/') ?? "";
        string stat = $"/sys/fs/cgroup{group}/cpu.stat";
        long? periods = host.Field(stat, "nr_periods");
        if (periods is null or 0)
            return Sight.Ok("no quota");
        double share = (host.Field(stat, "nr_throttled") ?? 0) / (double)periods;
        return new Sight(share == 0 ? Verdict.Ok : share < 0.01 ? Verdict.Warn : Verdict.Fail, $"held back in {Percent(share)} of the periods");
    }

    private static Sight LookAtSteal(Host host)
    {
        long[] ticks = [.. (host.Text(Ticks)?.Split('\n')[0] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)
            .Select(word => long.Parse(word, CultureInfo.InvariantCulture))];
        if (ticks.Length < StealColumn)
            return Sight.Unseen(Ticks);
        double share = ticks[StealColumn - 1] / (double)Math.Max(1, ticks.Take(StealColumn).Sum());
        return new Sight(share < 0.01 ? Verdict.Ok : share < 0.05 ? Verdict.Warn : Verdict.Fail, Percent(share));
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.##} %");

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
