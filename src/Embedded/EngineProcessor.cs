using System.Globalization;
using System.Runtime.InteropServices;

namespace Exchange.Embedded;

/// <summary>Gives one processor to the engine's thread alone, on Linux.</summary>
/// <remarks>
/// Journal and publisher wake some ten thousand times a second for microseconds; where the scheduler puts them on the engine's
/// processor, it stops the engine each time, and takes its cache away, while the other processor idles.
/// </remarks>
internal sealed partial class EngineProcessor
{
    private const int MostProcessors = 1024;
    private readonly ulong[] _all;

    private EngineProcessor(ulong[] all) => _all = all;

    /// <summary>Moves all threads of this process but the caller off a processor, and the caller onto it; threads made later follow their makers.</summary>
    /// <returns>Null: not possible here, or it would leave the others none; then nothing has changed.</returns>
    public static EngineProcessor? TryTake(int processor)
    {
        if (!OperatingSystem.IsLinux() || processor is < 0 or >= MostProcessors)
            return null;
        var all = new ulong[MostProcessors / 64];
        if (Get(0, all) != 0)
            return null;
        var own = new ulong[all.Length];
        own[processor / 64] = 1UL << (processor % 64);
        ulong[] others = [.. all];
        others[processor / 64] &= ~own[processor / 64];
        if (others.AsSpan().SequenceEqual(all) || !others.AsSpan().ContainsAnyExcept(0UL))
            return null;
        MoveAll(others);
        _ = Set(0, own);
        return new EngineProcessor(all);
    }

    /// <summary>Lets all threads use all processors again.</summary>
    public void Release() => MoveAll(_all);

    private static void MoveAll(ReadOnlySpan<ulong> processors)
    {
        foreach (string task in Directory.EnumerateDirectories("/proc/self/task"))
        {
            // One that has ended meanwhile is none to move.
            if (int.TryParse(Path.GetFileName(task), NumberStyles.None, CultureInfo.InvariantCulture, out int thread))
                _ = Set(thread, processors);
        }
    }

    private static unsafe int Get(int thread, Span<ulong> processors)
    {
        fixed (ulong* mask = processors)
            return GetAffinity(thread, (nuint)(processors.Length * sizeof(ulong)), mask);
    }

    private static unsafe int Set(int thread, ReadOnlySpan<ulong> processors)
    {
        fixed (ulong* mask = processors)
            return SetAffinity(thread, (nuint)(processors.Length * sizeof(ulong)), mask);
    }

    [LibraryImport("libc", EntryPoint = "sched_getaffinity")]
    private static unsafe partial int GetAffinity(int thread, nuint bytes, ulong* mask);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity")]
    private static unsafe partial int SetAffinity(int thread, nuint bytes, ulong* mask);
}
