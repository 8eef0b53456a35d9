namespace Exchange.Edge.Authentication;

/// <summary>Writes small files that only their owner may read, whole or not at all.</summary>
public static class OwnerOnlyFile
{
    /// <summary>Replaces the file: a temporary one is written, made durable and renamed.</summary>
    public static void Write(string path, string text)
    {
        string temporary = path + ".new";
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, Share = FileShare.None };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        // A left-over of a crash might have other rights.
        File.Delete(temporary);
        using (var stream = new FileStream(temporary, options))
        {
            stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }
}
