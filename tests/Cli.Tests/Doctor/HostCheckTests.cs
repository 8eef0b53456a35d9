using Exchange.Cli.Doctor;

namespace Exchange.Cli.Tests.Doctor;

/// <summary>What each check says of a machine on which one thing is not as wanted.</summary>
public sealed class HostCheckTests : IDisposable
{
    private readonly TunedMachine _machine = new();

    public void Dispose() => _machine.Dispose();

    [Fact]
    public void A_tuned_machine_is_all_right() =>
        Assert.All(HostChecks.All, check => Assert.True(check.Look(_machine.Host()).Verdict == Verdict.Ok, $"{check.Name}: {check.Look(_machine.Host()).Found}"));

    [Theory]
    [InlineData("kernel", "/proc/sys/kernel/osrelease", "5.15.0-1", Verdict.Warn, "5.15")]
    [InlineData("kernel", "/proc/sys/kernel/osrelease", "4.19.0", Verdict.Fail, "4.19")]
    [InlineData("clock-source", "/sys/devices/system/clocksource/clocksource0/current_clocksource", "hpet", Verdict.Fail, "hpet")]
    [InlineData("clock-source", "/sys/devices/system/clocksource/clocksource0/current_clocksource", "xen", Verdict.Warn, "xen")]
    [InlineData("cpu-governor", "/sys/devices/system/cpu/cpu1/cpufreq/scaling_governor", "powersave", Verdict.Warn, "performance, powersave")]
    [InlineData("cpu-isolation", "/sys/devices/system/cpu/isolated", "", Verdict.Warn, "none")]
    [InlineData("cpu-steal", "/proc/stat", "cpu  100 0 100 9400 0 0 0 400 0 0", Verdict.Warn, "4 %")]
    [InlineData("cpu-steal", "/proc/stat", "cpu  100 0 100 800 0 0 0 100 900 0", Verdict.Fail, "9.09 %")]
    [InlineData("cpu-throttling", "/sys/fs/cgroup/exchange.service/cpu.stat", "usage_usec 5\nnr_periods 1000\nnr_throttled 1", Verdict.Warn, "0.1 %")]
    [InlineData("cpu-throttling", "/sys/fs/cgroup/exchange.service/cpu.stat", "nr_periods 100\nnr_throttled 50", Verdict.Fail, "50 %")]
    [InlineData("transparent-huge-pages", "/sys/kernel/mm/transparent_hugepage/enabled", "[always] madvise never", Verdict.Warn, "always")]
    [InlineData("transparent-huge-pages-defrag", "/sys/kernel/mm/transparent_hugepage/defrag", "[always] madvise never", Verdict.Warn, "always")]
    [InlineData("swap", "/proc/meminfo", "SwapTotal: 1000 kB\nSwapFree: 1000 kB", Verdict.Warn, "0 of 1000")]
    [InlineData("swap", "/proc/meminfo", "SwapTotal: 1000 kB\nSwapFree: 900 kB", Verdict.Fail, "100 of 1000")]
    [InlineData("open-files", "/proc/self/limits", "Max open files            1024                 20000                files", Verdict.Warn, "20000")]
    [InlineData("open-files", "/proc/self/limits", "Max open files            1024                 1024                 files", Verdict.Fail, "1024")]
    [InlineData("disk-file-system", "/proc/self/mountinfo", "40 22 0:30 / /data rw - tmpfs none rw", Verdict.Fail, "tmpfs")]
    [InlineData("disk-file-system", "/proc/self/mountinfo", "40 22 0:30 / /data rw - fuse.sshfs none rw", Verdict.Fail, "fuse.sshfs")]
    [InlineData("disk-file-system", "/proc/self/mountinfo", "40 22 0:30 / /data rw - btrfs /dev/sda rw", Verdict.Warn, "btrfs")]
    [InlineData("disk-discard", "/proc/self/mountinfo", "40 22 0:30 / /data rw - ext4 /dev/sda rw,discard", Verdict.Warn, "discard")]
    [InlineData("disk-scheduler", "/sys/dev/block/259:1/queue/scheduler", "none [bfq]", Verdict.Warn, "bfq")]
    [InlineData("irq-affinity", "/proc/irq/30/effective_affinity_list", "3", Verdict.Warn, "30")]
    [InlineData("vm.swappiness", "/proc/sys/vm/swappiness", "60", Verdict.Warn, "60")]
    [InlineData("vm.swappiness", "/proc/sys/vm/swappiness", "0", Verdict.Ok, "0")]
    [InlineData("vm.dirty_bytes", "/proc/sys/vm/dirty_bytes", "0", Verdict.Warn, "a share of the memory")]
    [InlineData("net.core.somaxconn", "/proc/sys/net/core/somaxconn", "128", Verdict.Warn, "128")]
    [InlineData("net.core.somaxconn", "/proc/sys/net/core/somaxconn", "65535", Verdict.Ok, "65535")]
    [InlineData("kernel.numa_balancing", "/proc/sys/kernel/numa_balancing", "1", Verdict.Warn, "1")]
    internal void A_file_that_says_otherwise_is_told(string check, string path, string text, Verdict expected, string told)
    {
        _machine.Write(path, text);

        Sight sight = _machine.Look(check);

        Assert.Equal(expected, sight.Verdict);
        Assert.Contains(told, sight.Found, StringComparison.Ordinal);
    }

    [Fact]
    public void A_container_that_is_confined_to_some_processors_is_isolated_enough()
    {
        _machine.Write("/sys/devices/system/cpu/isolated", "");
        _machine.Write("/proc/self/status", "Cpus_allowed_list:\t2,4-5");

        Assert.Equal(Sight.Ok("confined to 2,4-5 of 0-7"), _machine.Look("cpu-isolation"));
    }

    [Theory]
    [InlineData(true, 50, Verdict.Ok)]
    [InlineData(true, 500_000, Verdict.Warn)]
    [InlineData(true, 16_000_000, Verdict.Fail)]
    [InlineData(false, 50, Verdict.Fail)]
    internal void A_clock_that_is_not_kept_or_far_off_is_told(bool isSynchronised, long maxErrorUs, Verdict expected)
    {
        _machine.Clock = new ClockState(isSynchronised, maxErrorUs);

        Assert.Equal(expected, _machine.Look("clock-sync").Verdict);
    }

    [Theory]
    [InlineData(100, 30_000, Verdict.Warn)]
    [InlineData(3_000, 4_000, Verdict.Warn)]
    [InlineData(11_000, 30_000, Verdict.Fail)]
    [InlineData(100, 200_000, Verdict.Fail)]
    [InlineData(2, 5, Verdict.Fail)]
    internal void A_disk_that_syncs_slowly_or_not_at_all_is_told(double p50Us, double p99Us, Verdict expected)
    {
        _machine.Syncs = new SyncTimes(p50Us, p99Us, IsDirect: true);

        Assert.Equal(expected, _machine.Look("disk-sync").Verdict);
    }

    [Theory]
    [InlineData(3L << 30, Verdict.Warn)]
    [InlineData(1L << 30, Verdict.Fail)]
    internal void A_disk_with_little_space_is_told(long free, Verdict expected)
    {
        _machine.FreeBytes = free;

        Assert.Equal(expected, _machine.Look("disk-space").Verdict);
    }

    [Fact]
    public void A_partition_has_the_scheduler_of_its_disk()
    {
        _machine.Remove("/sys/dev/block/259:1/queue/scheduler");
        _machine.Write("/sys/dev/block/queue/scheduler", "none [bfq]");

        Assert.Equal(Sight.Warn("bfq"), _machine.Look("disk-scheduler"));
    }

    [Theory]
    [InlineData("20000000", Verdict.Ok)]
    [InlineData("0x40000000", Verdict.Ok)]
    [InlineData("40000001", Verdict.Fail)]
    [InlineData(null, Verdict.Fail)]
    internal void A_heap_in_large_pages_needs_twice_as_many(string? limit, Verdict expected)
    {
        _machine.Environment["DOTNET_GCLargePages"] = "1";
        if (limit is not null)
            _machine.Environment["DOTNET_GCHeapHardLimit"] = limit;

        Assert.Equal(expected, _machine.Look("huge-pages").Verdict);
    }

    [Theory]
    [InlineData("0f", Verdict.Ok)]
    [InlineData("00000000,00000000", Verdict.Warn)]
    internal void A_card_with_one_queue_wants_its_packets_steered(string mask, Verdict expected)
    {
        for (int queue = 1; queue < 4; queue++)
            Directory.Delete($"{_machine.Host().Root}/sys/class/net/eth0/queues/rx-{queue}", recursive: true);
        _machine.Write("/sys/class/net/eth0/queues/rx-0/rps_cpus", mask);

        Assert.Equal(expected, _machine.Look("receive-queues").Verdict);
    }

    [Fact]
    public void A_card_that_waits_for_more_packets_is_told()
    {
        _machine.Coalescing = new InterruptCoalescing(IsAdaptive: true, ReceiveUs: 8);
        Assert.Equal(Sight.Warn("eth0 waits as it likes"), _machine.Look("interrupt-coalescing"));

        _machine.Coalescing = new InterruptCoalescing(IsAdaptive: false, ReceiveUs: 64);
        Assert.Equal(Sight.Warn("eth0 waits 64 us"), _machine.Look("interrupt-coalescing"));

        _machine.Coalescing = null;
        Assert.Equal(Verdict.Ok, _machine.Look("interrupt-coalescing").Verdict);
    }

    [Fact]
    public void What_cannot_be_seen_is_a_warning_or_of_no_concern_and_never_stops_the_doctor()
    {
        _machine.Clock = null;
        Directory.Delete(_machine.Host().Root + "/proc", recursive: true);
        Directory.Delete(_machine.Host().Root + "/sys", recursive: true);

        Assert.All(HostChecks.All, check => Assert.NotEmpty(check.Look(_machine.Host()).Found));
        Assert.Equal(Verdict.Warn, _machine.Look("vm.swappiness").Verdict);
        Assert.Equal(Verdict.Fail, _machine.Look("kernel").Verdict);
    }
}
