using System.Collections.Immutable;
using System.Globalization;

namespace Exchange.Cli.Doctor;

/// <summary>Whether time is cheap to read and right.</summary>
internal static class ClockChecks
{
    private const string Source = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
    private const long NoticedUs = 100_000;
    private const long HarmfulUs = 1_000_000;

    private static readonly ImmutableArray<string> ReadInTheProcess = ["tsc", "kvm-clock", "hyperv_clocksource_tsc_page", "arch_sys_counter"];

    public static IEnumerable<HostCheck> All =>
    [
        new()
        {
            Name = "clock-source",
            Wanted = string.Join(", ", ReadInTheProcess),
            Why = "Every input and every latency reads the clock; another source makes each reading a call into the kernel, or to a slow device.",
            Remedy = "Boot with clocksource=tsc, or take a type of machine whose clock is steady.",
            SeenIn = Source,
            Look = LookAtSource,
        },
        new()
        {
            Name = "clock-sync",
            Wanted = "kept to a reference, off by less than 100 ms",
            Why = "Signed requests have a window in time, funding has its hours, and a node that takes over stamps no earlier than the one before it.",
            Remedy = "Run chrony against several servers; in a cloud against the host's clock (on Azure refclock PHC /dev/ptp_hyperv).",
            SeenIn = "adjtimex",
            Look = LookAtSync,
        },
    ];

    private static Sight LookAtSource(Host host) => host.Text(Source) switch
    {
        null => Sight.Unseen(Source),
        "hpet" or "acpi_pm" or "jiffies" or "refined-jiffies" => Sight.Fail(host.Text(Source)!),
        { } source => new Sight(ReadInTheProcess.Contains(source) ? Verdict.Ok : Verdict.Warn, source),
    };

    private static Sight LookAtSync(Host host)
    {
        if (host.Clock() is not { } clock)
            return Sight.Unseen("the kernel's clock state");
        if (!clock.IsSynchronised)
            return Sight.Fail("nobody keeps it");
        string found = string.Create(CultureInfo.InvariantCulture, $"kept, off by at most {clock.MaxErrorUs / 1e3:0.#} ms");
        return new Sight(clock.MaxErrorUs <= NoticedUs ? Verdict.Ok : clock.MaxErrorUs <= HarmfulUs ? Verdict.Warn : Verdict.Fail, found);
    }
}
