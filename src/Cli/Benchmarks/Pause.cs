using System.Runtime.InteropServices;

namespace Exchange.Cli.Benchmarks;

/// <summary>Short sleeps: the framework's shortest is a millisecond, too long for a fixed rate.</summary>
internal static partial class Pause
{
    public static void Microseconds(int microseconds)
    {
        if (!OperatingSystem.IsLinux())
        {
            Thread.Yield();
            return;
        }

        var time = new TimeSpec { Nanoseconds = microseconds * 1_000L };
        _ = NanoSleep(in time, 0);
    }

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    private static partial int NanoSleep(in TimeSpec time, nint remaining);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
