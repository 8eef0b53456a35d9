using System.Runtime.InteropServices;

namespace Exchange.Embedded;

/// <summary>Lets a thread have only the processor time that others leave.</summary>
/// <remarks>
/// .NET's own priorities do nothing on Linux. The kernel's idle class is left at once when a thread of the journal wakes; a thread that
/// is merely nice finishes its slice of some milliseconds first, and the venue's p99 is a multiple (bench/results/amd-epyc/engine.md).
/// </remarks>
internal static partial class LowPriority
{
    private const int ThisThread = 0;
    private const int IdlePolicy = 5; // SCHED_IDLE
    private const int Nice = 19;

    public static void TakeForThisThread()
    {
        if (!OperatingSystem.IsLinux())
        {
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
            return;
        }

        int none = 0;
        // Refused, it costs speed only. PRIO_PROCESS, 0, means the calling thread alone there.
        if (SetScheduler(ThisThread, IdlePolicy, in none) != 0)
            _ = SetPriority(0, ThisThread, Nice);
    }

    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    private static partial int SetScheduler(int thread, int policy, in int parameters);

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, int who, int priority);
}
