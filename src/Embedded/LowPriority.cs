using System.Runtime.InteropServices;

namespace Exchange.Embedded;

/// <summary>Lets a thread have only the processor time that others leave.</summary>
internal static partial class LowPriority
{
    private const int OfThread = 0;   // PRIO_PROCESS with 0: on Linux the calling thread alone
    private const int Nice = 10;      // a tenth of the share of a thread of normal priority that wants the same processor

    public static void TakeForThisThread()
    {
        // .NET's own priorities do nothing on Linux. That it may be refused there is no reason for; it would cost speed only.
        if (OperatingSystem.IsLinux())
            _ = SetPriority(OfThread, 0, Nice);
        else
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
    }

    [LibraryImport("libc", EntryPoint = "setpriority")]
    private static partial int SetPriority(int which, uint who, int priority);
}
