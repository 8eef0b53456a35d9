using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Exchange.Cli.Benchmarks;

/// <summary>Waits on very many sockets, at the cost of those that are ready: epoll(7).</summary>
internal sealed unsafe partial class SocketEvents : IDisposable
{
    private const int Most = 512;
    private const int Add = 1;
    private const uint Readable = 1;
    private const int Interrupted = 4;

    // The kernel packs the structure on x64 only.
    private static readonly int Stride = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 12 : 16;
    private static readonly int DataOffset = Stride - 8;

    private readonly int _epoll = Create(0);
    private readonly byte[] _events = new byte[Most * 16];

    /// <summary>Watches a socket; waits name it by its number.</summary>
    public void Watch(Socket socket, int number)
    {
        Span<byte> watched = stackalloc byte[16];
        MemoryMarshal.Write(watched, Readable);
        MemoryMarshal.Write(watched[DataOffset..], (long)number);
        fixed (byte* pointer = watched)
        {
            if (Control(_epoll, Add, (int)socket.Handle, pointer) != 0)
                throw new IOException($"epoll_ctl failed with error {Marshal.GetLastPInvokeError()}.");
        }
    }

    /// <summary>Waits until something has come; at most so long.</summary>
    /// <param name="timeoutMs">0: only looks.</param>
    /// <param name="ready">Gets the numbers of the sockets.</param>
    /// <returns>How many are ready.</returns>
    public int Wait(int timeoutMs, Span<int> ready)
    {
        int count;
        fixed (byte* pointer = _events)
            count = Wait(_epoll, pointer, Math.Min(Most, ready.Length), timeoutMs);
        if (count < 0 && Marshal.GetLastPInvokeError() != Interrupted)
            throw new IOException($"epoll_wait failed with error {Marshal.GetLastPInvokeError()}.");
        for (int i = 0; i < count; i++)
            ready[i] = (int)MemoryMarshal.Read<long>(_events.AsSpan(i * Stride + DataOffset));
        return Math.Max(0, count);
    }

    public void Dispose() => _ = Close(_epoll);

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    private static partial int Create(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    private static partial int Control(int epoll, int operation, int descriptor, byte* watched);

    [LibraryImport("libc", EntryPoint = "epoll_wait", SetLastError = true)]
    private static partial int Wait(int epoll, byte* events, int most, int timeoutMs);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    private static partial int Close(int descriptor);
}
