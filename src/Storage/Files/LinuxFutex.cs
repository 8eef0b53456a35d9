using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Exchange.Storage.Files;

/// <summary>Linux's wait on a word of memory: one call to sleep, one to wake.</summary>
internal static unsafe partial class LinuxFutex
{
    private const int WaitPrivate = 128;
    private const int WakePrivate = 129;

    // The call's number is the architecture's.
    private static readonly int Number = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 202,
        Architecture.Arm64 => 98,
        _ => 0,
    };

    public static bool IsSupported { get; } = OperatingSystem.IsLinux() && Number != 0;

    /// <summary>Sleeps while the word has this value, until woken or out of time; it may return for no reason.</summary>
    /// <param name="word">In pinned memory.</param>
    /// <param name="timeoutUs">-1: without limit.</param>
    public static void Wait(ref int word, int value, long timeoutUs)
    {
        var time = new TimeSpec { Seconds = timeoutUs / 1_000_000, Nanoseconds = timeoutUs % 1_000_000 * 1_000 };
        _ = Call(Number, (int*)Unsafe.AsPointer(ref word), WaitPrivate, value, timeoutUs < 0 ? null : &time);
    }

    /// <summary>Wakes one thread that sleeps on the word.</summary>
    public static void Wake(ref int word) => _ = Call(Number, (int*)Unsafe.AsPointer(ref word), WakePrivate, 1, null);

    [LibraryImport("libc", EntryPoint = "syscall")]
    private static partial nint Call(nint number, int* word, int operation, int value, TimeSpec* timeout);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
