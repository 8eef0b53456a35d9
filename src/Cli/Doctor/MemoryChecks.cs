using System.Globalization;

namespace Exchange.Cli.Doctor;

/// <summary>Whether memory stays where it is, and files can be opened.</summary>
internal static class MemoryChecks
{
    private const string Meminfo = "/proc/meminfo";
    private const string Huge = "/sys/kernel/mm/transparent_hugepage/enabled";
    private const string HugeDefrag = "/sys/kernel/mm/transparent_hugepage/defrag";
    private const string Limits = "/proc/self/limits";
    private const string OpenFilesLine = "Max open files";
    private const long EnoughFiles = 65_536;
    private const long LeastFiles = 4_096;
    private const long KiB = 1_024;
    private const long PagesPerLimit = 2;

    public static IEnumerable<HostCheck> All =>
    [
        new()
        {
            Name = "transparent-huge-pages",
            Wanted = "madvise or never",
            Why = "With always the kernel joins pages of any heap behind its back, and holds up whoever touches them meanwhile.",
            Remedy = HostCheck.Tune + ".",
            SetBy = "tune.sh",
            SeenIn = Huge,
            Look = host => NotAlways(host, Huge),
        },
        new()
        {
            Name = "transparent-huge-pages-defrag",
            Wanted = "madvise, defer or never",
            Why = "With always a thread that needs memory tidies up the machine's first.",
            Remedy = HostCheck.Tune + ".",
            SetBy = "tune.sh",
            SeenIn = HugeDefrag,
            Look = host => NotAlways(host, HugeDefrag),
        },
        new()
        {
            Name = "huge-pages",
            Wanted = "twice the heap's limit in free ones, where DOTNET_GCLargePages asks for them",
            Why = "A large heap in pages of 2 MiB misses the address cache less, and is never moved or swapped; the runtime sets twice its limit apart at once, and does not start where there is less.",
            Remedy = "Run tune.sh with EXCHANGE_HUGE_PAGES at DOTNET_GCHeapHardLimit / 1 MiB, early: memory in pieces has none; in a pod request as much of hugepages-2Mi.",
            SetBy = "tune.sh",
            SeenIn = Meminfo,
            Look = LookAtHugePages,
        },
        new()
        {
            Name = "swap",
            Wanted = "none",
            Why = "A collection that meets a page on a disk stops every order for as long as that takes.",
            Remedy = "Run swapoff -a and take swap out of /etc/fstab; tune.sh does the first.",
            SetBy = "tune.sh",
            SeenIn = Meminfo,
            Look = LookAtSwap,
        },
        new()
        {
            Name = "open-files",
            Wanted = $"at least {EnoughFiles} for a process",
            Why = "Each client is an open file, and so is each of the journal's; beyond the limit connections are refused.",
            Remedy = "Put infra/host-tuning/90-exchange-limits.conf into /etc/systemd/system.conf.d, or set LimitNOFILE of the service; in a container it is the runtime's.",
            SetBy = "90-exchange-limits.conf",
            SeenIn = Limits,
            Look = LookAtOpenFiles,
        },
    ];

    private static Sight NotAlways(Host host, string path) => host.Choice(path) switch
    {
        null => Sight.Ok("not in this kernel"),
        { } choice => new Sight(choice == "always" ? Verdict.Warn : Verdict.Ok, choice),
    };

    private static Sight LookAtHugePages(Host host)
    {
        if (host.Environment("DOTNET_GCLargePages") is not ("1" or "true"))
            return Sight.Ok("not asked for");
        string? limit = host.Environment("DOTNET_GCHeapHardLimit");
        if (!long.TryParse(limit?.Replace("0x", "", StringComparison.OrdinalIgnoreCase), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out long heapBytes))
            return Sight.Fail("DOTNET_GCLargePages without DOTNET_GCHeapHardLimit: the runtime takes none");
        if (host.Field(Meminfo, "HugePages_Free") is not { } free || host.Field(Meminfo, "Hugepagesize") is not { } pageKiB)
            return Sight.Unseen(Meminfo);
        return new Sight(free * pageKiB * KiB >= PagesPerLimit * heapBytes ? Verdict.Ok : Verdict.Fail, $"{free} free pages of {pageKiB} KiB for a heap of {heapBytes / KiB} KiB");
    }

    private static Sight LookAtSwap(Host host)
    {
        if (host.Field(Meminfo, "SwapTotal") is not { } total || host.Field(Meminfo, "SwapFree") is not { } free)
            return Sight.Unseen(Meminfo);
        if (total == 0)
            return Sight.Ok("none");
        return new Sight(free == total ? Verdict.Warn : Verdict.Fail, $"{total - free} of {total} KiB in use");
    }

    private static Sight LookAtOpenFiles(Host host)
    {
        string? line = host.Text(Limits)?.Split('\n').FirstOrDefault(line => line.StartsWith(OpenFilesLine, StringComparison.Ordinal));
        // Soft limit, hard limit, unit: the runtime raises the first to the second when it starts.
        string[] words = line?[OpenFilesLine.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        if (words.Length < 2)
            return Sight.Unseen(Limits);
        long hard = words[1] == "unlimited" ? long.MaxValue : long.Parse(words[1], CultureInfo.InvariantCulture);
        return new Sight(hard >= EnoughFiles ? Verdict.Ok : hard >= LeastFiles ? Verdict.Warn : Verdict.Fail, words[1]);
    }
}
