namespace Exchange.Edge.Authentication;

/// <summary>Small files that only their owner may read.</summary>
public static class OwnerOnlyFile
{
    /// <summary>Replaces the file, whole or not at all: a temporary one is written, made durable and renamed.</summary>
    public static void Write(string path, string text)
    {
        string temporary = path + ".new";

        // A left-over of a crash might have other rights.
        File.Delete(temporary);
        using (FileStream stream = Open(temporary, FileMode.Create))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);

        // Until the folder is durable a crash of the machine could bring the old file back, and with it a revoked key.
        FolderSync.Sync(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Opens a file to write, made for its owner only when it is made. Unbuffered: what could not be written is not tried again.</summary>
    internal static FileStream Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.Read, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(path, options);
    }
}
