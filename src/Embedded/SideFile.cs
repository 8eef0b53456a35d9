namespace Exchange.Embedded;

/// <summary>A file that an orderly stop leaves beside journal and snapshot, which the venue can do without.</summary>
internal static class SideFile
{
    /// <summary>The whole file is there, or the one of before, or none.</summary>
    public static void Replace(string folder, string name, ReadOnlySpan<byte> head, ReadOnlySpan<byte> content)
    {
        string path = Path.Combine(folder, name);
        string unfinished = path + ".new";
        try
        {
            using (FileStream file = File.Create(unfinished))
            {
                file.Write(head);
                file.Write(content);
                file.Flush(flushToDisk: true);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception noRoom) when (noRoom is IOException or UnauthorizedAccessException)
        {
            // The venue itself is safe; it comes up without what the file would have told.
        }
    }

    /// <summary>Null: there is none that can be read.</summary>
    public static byte[]? Read(string folder, string name)
    {
        try
        {
            return File.ReadAllBytes(Path.Combine(folder, name));
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
