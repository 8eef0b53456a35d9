using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Exchange.Cli.Benchmarks.Http;

/// <summary>Waits on many sockets with one system call: poll(2).</summary>
internal sealed unsafe partial class SocketPoll
{
    private const short Readable = 1;

    private readonly Entry[] _entries;

    public SocketPoll(IReadOnlyList<Socket> sockets) =>
        _entries = [.. sockets.Select(socket => new Entry { Descriptor = (int)socket.Handle, Wanted = Readable })];

    /// <summary>Waits until something has come, or failed; at most so long.</summary>
    public void Wait(int timeoutMs)
    {
        fixed (Entry* entries = _entries)
        {
            if (Poll(entries, (nuint)_entries.Length, timeoutMs) < 0 && Marshal.GetLastPInvokeError() != Interrupted)
                throw new IOException($"poll failed with error {Marshal.GetLastPInvokeError()}.");
        }
    }

    /// <summary>Whether the last wait found something on a socket.</summary>
    public bool IsReady(int socket) => _entries[socket].Found != 0;

    private const int Interrupted = 4;

    [StructLayout(LayoutKind.Sequential)]
    private struct Entry
    {
        public int Descriptor;
        public short Wanted;
        public short Found;
    }

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    private static partial int Poll(Entry* entries, nuint count, int timeoutMs);
}
