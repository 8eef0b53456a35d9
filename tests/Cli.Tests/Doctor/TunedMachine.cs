using Exchange.Cli.Doctor;

namespace Exchange.Cli.Tests.Doctor;

/// <summary>The files of a machine on which everything is as wanted, in a folder; a test spoils one of them.</summary>
internal sealed class TunedMachine : IDisposable
{
    private const string DataDevice = "259:1";

    private readonly string _root = Directory.CreateTempSubdirectory("exchange-doctor-").FullName;

    public TunedMachine()
    {
        Write("/proc/sys/kernel/osrelease", "6.8.0-45-generic");
        Write("/sys/devices/system/clocksource/clocksource0/current_clocksource", "tsc");
        Write("/sys/devices/system/cpu/online", "0-7");
        Write("/sys/devices/system/cpu/isolated", "2-7");
        Write("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "performance");
        Write("/proc/stat", "cpu  100 0 100 9800 0 0 0 0 0 0\n");
        Write("/proc/self/cgroup", "0::/exchange.service");
        Write("/proc/self/status", "Name:\texchange\nCpus_allowed_list:\t0-7\n");
        Write("/proc/self/limits", "Limit                     Soft Limit           Hard Limit           Units     \nMax open files            65536                1048576              files     \n");
        Write("/proc/self/mountinfo", $"22 1 259:2 / / rw,relatime - ext4 /dev/nvme0n1p2 rw,discard\n40 22 {DataDevice} / /data rw,noatime shared:5 - xfs /dev/nvme1n1 rw\n");
        Write($"/sys/dev/block/{DataDevice}/queue/scheduler", "[none] mq-deadline");
        Write("/proc/meminfo", "MemTotal: 65536000 kB\nSwapTotal:             0 kB\nSwapFree:              0 kB\nHugePages_Free:     1024\nHugepagesize:       2048 kB\n");
        Write("/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never");
        Write("/sys/kernel/mm/transparent_hugepage/defrag", "always defer defer+madvise [madvise] never");
        Write("/proc/irq/24/effective_affinity_list", "0-1");
        for (int queue = 0; queue < 4; queue++)
            Write($"/sys/class/net/eth0/queues/rx-{queue}/rps_cpus", "00");
        Write("/sys/class/net/eth0/device/vendor", "0x15b3");
        Write("/sys/class/net/lo/queues/rx-0/rps_cpus", "00");
        foreach (string line in Sysctls.Conf().Split('\n').Where(line => line.Contains(" = ", StringComparison.Ordinal)))
            Write($"/proc/sys/{line.Split(" = ")[0].Replace('.', '/')}", line.Split(" = ")[1]);
    }

    public ClockState? Clock { get; set; } = new(IsSynchronised: true, MaxErrorUs: 1_500);

    public SyncTimes Syncs { get; set; } = new(P50Us: 100, P99Us: 500, IsDirect: true);

    public InterruptCoalescing? Coalescing { get; set; } = new(IsAdaptive: false, ReceiveUs: 8);

    public long FreeBytes { get; set; } = 1L << 40;

    public int Processors { get; set; } = 8;

    public Dictionary<string, string> Environment { get; } = [];

    public void Write(string path, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_root + path)!);
        File.WriteAllText(_root + path, text + "\n");
    }

    public void Remove(string path) => File.Delete(_root + path);

    public Host Host() => new()
    {
        Root = _root,
        DataFolder = "/data/venue",
        Clock = () => Clock,
        MeasureSyncs = _ => Syncs,
        Coalescing = _ => Coalescing,
        FreeBytes = _ => FreeBytes,
        Processors = Processors,
        Environment = name => Environment.GetValueOrDefault(name),
    };

    public Sight Look(string check) => HostChecks.All.Single(one => one.Name == check).Look(Host());

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
