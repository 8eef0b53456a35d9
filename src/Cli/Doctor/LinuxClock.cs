using System.Runtime.InteropServices;

namespace Exchange.Cli.Doctor;

/// <summary>What the kernel knows of its clock.</summary>
/// <param name="IsSynchronised">Somebody keeps it to a reference.</param>
/// <param name="MaxErrorUs">How far it may be off, microseconds.</param>
internal readonly record struct ClockState(bool IsSynchronised, long MaxErrorUs);

/// <summary>Asks the kernel by adjtimex, changing nothing.</summary>
internal static partial class LinuxClock
{
    private const int Unsynchronised = 0x40;
    private const int ErrorState = 5;
    private const int StructBytes = 208;    // struct timex of 64 bit
    private const int MaxErrorAt = 24;      // modes and padding, offset, freq, maxerror, esterror, status
    private const int StatusAt = 40;

    /// <returns>Null: the kernel does not tell, as in a container that may not ask.</returns>
    public static ClockState? Read()
    {
        if (!OperatingSystem.IsLinux())
            return null;
        Span<byte> timex = stackalloc byte[StructBytes];
        timex.Clear();
        int state = Adjust(ref MemoryMarshal.GetReference(timex));
        if (state < 0)
            return null;
        int status = MemoryMarshal.Read<int>(timex[StatusAt..]);
        return new ClockState(state != ErrorState && (status & Unsynchronised) == 0, MemoryMarshal.Read<long>(timex[MaxErrorAt..]));
    }

    [LibraryImport("libc", EntryPoint = "adjtimex", SetLastError = true)]
    private static partial int Adjust(ref byte timex);
}
