using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Exchange.Edge.Authentication;

/// <summary>Makes the names in a folder durable; .NET opens no folders, so the calls are the system's own.</summary>
internal static partial class FolderSync
{
    private const int ReadOnly = 0;

    /// <exception cref="IOException">The folder cannot be opened or synced.</exception>
    public static void Sync(string folder)
    {
        // Windows has no such call: its file systems journal renames themselves.
        if (OperatingSystem.IsWindows())
            return;
        using var handle = new SafeFileHandle(Open(folder, ReadOnly), ownsHandle: true);
        if (handle.IsInvalid || FileSync(handle) != 0)
            throw new IOException($"{folder} cannot be made durable: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FileSync(SafeFileHandle handle);
}
