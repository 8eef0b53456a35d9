using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Exchange.Cli.Benchmarks;

/// <summary>CPU time of the calling thread: what it costs, whoever else uses the machine.</summary>
internal static partial class ThreadClock
{
    private const int ThreadCpuTime = 3; // CLOCK_THREAD_CPUTIME_ID

    /// <summary>In nanoseconds from an arbitrary start; elapsed time where the system has no such clock.</summary>
    public static long CpuNs()
    {
        if (!OperatingSystem.IsLinux() || GetTime(ThreadCpuTime, out TimeSpec time) != 0)
            return (long)Stopwatch.GetElapsedTime(0).TotalNanoseconds;
        return time.Seconds * 1_000_000_000L + time.Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out TimeSpec time);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
