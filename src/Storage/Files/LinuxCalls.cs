using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Exchange.Storage.Files;

/// <summary>The system calls that durability hangs on; any result but success is an exception.</summary>
internal static partial class LinuxCalls
{
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;
    private const int GetFlags = 3;
    private const int SetFlags = 4;

    // O_DIRECT is not the same number on every architecture; 0: not known here.
    private static readonly int Direct = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 0x4000,
        Architecture.Arm64 => 0x10000,
        _ => 0,
    };

    public static unsafe void Write(SafeFileHandle handle, string path, long offset, ReadOnlySpan<byte> bytes)
    {
        nint written;
        fixed (byte* start = bytes)
            written = PositionedWrite(handle, start, (nuint)bytes.Length, offset);
        if (written == bytes.Length)
            return;
        if (written < 0)
            throw Failure("Write", path);
        throw new StorageException("Write", path, 0, $"only {written} of {bytes.Length} bytes were taken");
    }

    /// <summary>Sets O_DIRECT; false: this file system or architecture has none.</summary>
    public static bool TryBypassCache(SafeFileHandle handle)
    {
        int flags = Direct == 0 ? -1 : Control(handle, GetFlags, 0);
        return flags >= 0 && Control(handle, SetFlags, flags | Direct) == 0;
    }

    public static void SyncData(SafeFileHandle handle, string path)
    {
        if (DataSync(handle) != 0)
            throw Failure("Sync", path);
    }

    public static void Sync(SafeFileHandle handle, string path)
    {
        if (FileSync(handle) != 0)
            throw Failure("Sync", path);
    }

    public static void SyncDirectory(string path)
    {
        // O_DIRECTORY is not the same number on every architecture; opening a folder to read needs no flag.
        int descriptor = OpenPath(path, ReadOnly | CloseOnExec);
        if (descriptor < 0)
            throw Failure("Opening", path);
        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        Sync(handle, path);
    }

    private static StorageException Failure(string operation, string path)
    {
        int error = Marshal.GetLastPInvokeError();
        return new StorageException(operation, path, error, Marshal.GetPInvokeErrorMessage(error));
    }

    [LibraryImport("libc", EntryPoint = "pwrite", SetLastError = true)]
    private static unsafe partial nint PositionedWrite(SafeFileHandle handle, byte* bytes, nuint count, long offset);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int DataSync(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FileSync(SafeFileHandle handle);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle handle, int command, nint argument);

    // Open (not variadic arguments: the mode is unused without O_CREAT).
    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenPath(string path, int flags);
}
