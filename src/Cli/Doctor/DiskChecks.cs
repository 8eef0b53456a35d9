using System.Collections.Immutable;
using System.Globalization;
using Exchange.Storage.Files;

namespace Exchange.Cli.Doctor;

/// <summary>Whether the disk of the data folder is durable, even and large enough.</summary>
internal static class DiskChecks
{
    private const long GiB = 1L << 30;
    private const long EnoughBytes = 20 * GiB;
    private const long LeastBytes = 2 * GiB;

    private static readonly ImmutableArray<string> NotDurable = ["tmpfs", "ramfs", "devtmpfs", "nfs", "nfs4", "cifs", "smb3", "9p", "fuse", "overlay"];
    private static readonly ImmutableArray<string> Even = ["ext4", "xfs"];

    public static IEnumerable<HostCheck> All =>
    [
        new()
        {
            Name = "disk-sync",
            Wanted = "half below 2 ms, 99 in 100 below 20 ms",
            Why = "No order is answered before its batch is synced: this is the floor of every answer's time.",
            Remedy = "Take a local NVMe disk, or a premium one with a write cache that outlives a power cut, and let nothing else write to it.",
            SeenIn = "up to 400 writes of a block with fdatasync in the data folder",
            Look = LookAtSyncs,
        },
        new()
        {
            Name = "disk-direct",
            Wanted = "writes that go past the page cache (O_DIRECT)",
            Why = "A journal that goes through the cache waits behind whatever else is written, and cannot tell a lost page after a failed sync.",
            Remedy = "Take ext4 or xfs on a block device.",
            SeenIn = "O_DIRECT on a file of the data folder",
            Look = host => Measured(host, syncs => new Sight(syncs.IsDirect ? Verdict.Ok : Verdict.Warn, syncs.IsDirect ? "yes" : "the file system cannot")),
        },
        new()
        {
            Name = "disk-space",
            Wanted = $"at least {EnoughBytes / GiB} GiB free",
            Why = "The journal grows until two snapshots are behind it; a venue whose disk is nearly full takes cancels only.",
            Remedy = "Give the data folder a disk of its own.",
            SeenIn = "the data folder's file system",
            Look = LookAtSpace,
        },
        new()
        {
            Name = "disk-file-system",
            Wanted = string.Join(" or ", Even),
            Why = "Only these were measured and tested; memory and network file systems do not keep what was synced, or not in time.",
            Remedy = "Take a disk with ext4 or xfs for the data folder.",
            SeenIn = "/proc/self/mountinfo",
            Look = LookAtFileSystem,
        },
        new()
        {
            Name = "disk-discard",
            Wanted = "not mounted with discard",
            Why = "Each deleted journal file is told to the disk at once, and slows the syncs of the seconds after it tenfold.",
            Remedy = "Take discard out of /etc/fstab, and trim once a week (systemctl enable fstrim.timer).",
            SeenIn = "/proc/self/mountinfo",
            Look = host => Mount.Of(host, host.DataFolder) is not { } mount
                ? Sight.Unseen("the mount")
                : mount.Options.Split(',').Any(option => option.StartsWith("discard", StringComparison.Ordinal)) ? Sight.Warn("mounted with discard") : Sight.Ok("no discard"),
        },
        new()
        {
            Name = "disk-scheduler",
            Wanted = "none, mq-deadline or kyber",
            Why = "A scheduler that is fair to processes makes the journal's sync wait its turn.",
            Remedy = HostCheck.Tune + ".",
            SetBy = "tune.sh",
            SeenIn = "/sys/dev/block/*/queue/scheduler",
            Look = LookAtScheduler,
        },
    ];

    private static Sight LookAtSyncs(Host host) => Measured(host, syncs =>
    {
        string found = string.Create(CultureInfo.InvariantCulture, $"half within {syncs.P50Us / 1e3:0.###} ms, 99 in 100 within {syncs.P99Us / 1e3:0.###} ms");
        // No disk confirms in so little time: the write is still in a memory that a power cut empties.
        if (syncs.P50Us < 10)
            return Sight.Fail($"{found}: too fast to be durable");
        bool isGood = syncs is { P50Us: <= 2_000, P99Us: <= 20_000 };
        bool isBearable = syncs is { P50Us: <= 10_000, P99Us: <= 100_000 };
        return new Sight(isGood ? Verdict.Ok : isBearable ? Verdict.Warn : Verdict.Fail, found);
    });

    private static Sight Measured(Host host, Func<SyncTimes, Sight> judge)
    {
        try
        {
            return judge(host.Syncs);
        }
        catch (StorageException refused)
        {
            return Sight.Fail(refused.Message);
        }
    }

    private static Sight LookAtSpace(Host host)
    {
        long free = host.FreeBytes(host.DataFolder);
        string found = string.Create(CultureInfo.InvariantCulture, $"{free / (double)GiB:0.#} GiB free");
        return new Sight(free >= EnoughBytes ? Verdict.Ok : free >= LeastBytes ? Verdict.Warn : Verdict.Fail, found);
    }

    private static Sight LookAtFileSystem(Host host)
    {
        if (Mount.Of(host, host.DataFolder) is not { } mount)
            return Sight.Unseen("the mount");
        string kind = mount.FileSystem.Split('.')[0];   // fuse.sshfs
        return new Sight(Even.Contains(kind) ? Verdict.Ok : NotDurable.Contains(kind) ? Verdict.Fail : Verdict.Warn, mount.FileSystem);
    }

    private static Sight LookAtScheduler(Host host)
    {
        string? device = Mount.Of(host, host.DataFolder)?.Device;
        // A partition has no queue of its own: its disk's is one folder up.
        string? choice = host.Choice($"/sys/dev/block/{device}/queue/scheduler") ?? host.Choice($"/sys/dev/block/{device}/../queue/scheduler");
        if (choice is null)
            return Sight.Ok("none: no block device of this kernel");
        return new Sight(choice is "none" or "mq-deadline" or "kyber" ? Verdict.Ok : Verdict.Warn, choice);
    }
}
