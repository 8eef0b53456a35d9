namespace Exchange.Cli.Doctor;

/// <summary>Whether the system is one that the exchange is made for.</summary>
internal static class KernelChecks
{
    private const string Release = "/proc/sys/kernel/osrelease";

    private static readonly Version Good = new(6, 1);
    private static readonly Version Least = new(5, 4);

    public static IEnumerable<HostCheck> All =>
    [
        new()
        {
            Name = "kernel",
            Wanted = $"Linux {Good} or later",
            Why = "Only on Linux are folders synced and errors of a sync told; older kernels lack what the settings here name.",
            Remedy = "Take a current long-term distribution.",
            SeenIn = Release,
            Look = LookAtRelease,
        },
    ];

    private static Sight LookAtRelease(Host host)
    {
        if (host.Text(Release) is not { } release)
            return Sight.Fail("not Linux");
        string[] parts = release.Split('.', '-');
        return parts.Length >= 2 && Version.TryParse($"{parts[0]}.{parts[1]}", out Version? version)
            ? new Sight(version >= Good ? Verdict.Ok : version >= Least ? Verdict.Warn : Verdict.Fail, release)
            : Sight.Warn(release);
    }
}
