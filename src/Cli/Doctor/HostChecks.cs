namespace Exchange.Cli.Doctor;

/// <summary>Every check, in the order they are told: what <c>exchange doctor</c> does and infra/host-tuning is made from.</summary>
internal static class HostChecks
{
    public static IReadOnlyList<HostCheck> All { get; } =
        [.. KernelChecks.All, .. ClockChecks.All, .. CpuChecks.All, .. MemoryChecks.All, .. DiskChecks.All, .. NetworkChecks.All, .. Sysctls.Checks];
}
