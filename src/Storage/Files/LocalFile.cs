using Microsoft.Win32.SafeHandles;

namespace Exchange.Storage.Files;

internal sealed class LocalFile(string path, SafeFileHandle handle) : IFile
{
    public long Length => RandomAccess.GetLength(handle);

    public void Read(long offset, Span<byte> buffer)
    {
        try
        {
            while (!buffer.IsEmpty)
            {
                int read = RandomAccess.Read(handle, buffer, offset);
                if (read == 0)
                    throw new StorageException("Read", path, 0, $"the file ends at {offset}");
                buffer = buffer[read..];
                offset += read;
            }
        }
        catch (Exception cause) when (cause is not StorageException and (IOException or UnauthorizedAccessException))
        {
            throw new StorageException("Read", path, cause.HResult, cause.Message);
        }
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes)
    {
        if (OperatingSystem.IsLinux())
        {
            LinuxCalls.Write(handle, path, offset, bytes);
            return;
        }

        try
        {
            RandomAccess.Write(handle, bytes, offset);
        }
        catch (IOException cause)
        {
            throw new StorageException("Write", path, cause);
        }
    }

    public bool TryBypassCache() => OperatingSystem.IsLinux() && LinuxCalls.TryBypassCache(handle);

    public void SyncData()
    {
        if (OperatingSystem.IsLinux())
            LinuxCalls.SyncData(handle, path);
        else
            Flush();
    }

    public void Sync()
    {
        if (OperatingSystem.IsLinux())
            LinuxCalls.Sync(handle, path);
        else
            Flush();
    }

    public void Dispose() => handle.Dispose();

    private void Flush()
    {
        try
        {
            RandomAccess.FlushToDisk(handle);
        }
        catch (IOException cause)
        {
            throw new StorageException("Sync", path, cause);
        }
    }
}
