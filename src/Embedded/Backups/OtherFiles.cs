using Exchange.Storage.Files;

namespace Exchange.Embedded.Backups;

/// <summary>What lies in a venue's folder beside journal and snapshots: keys, and whatever else its server keeps there.</summary>
internal static class OtherFiles
{
    /// <summary>Copies them, folders too, with the rights they have; durable when it returns.</summary>
    public static void Copy(string from, string to)
    {
        foreach (string path in Directory.EnumerateFiles(from))
        {
            string name = Path.GetFileName(path);
            if (!IsLeftOut(name))
                CopyFile(path, Path.Combine(to, name));
        }

        foreach (string folder in Directory.EnumerateDirectories(from))
        {
            string copy = Path.Combine(to, Path.GetFileName(folder));
            Directory.CreateDirectory(copy);
            Copy(folder, copy);
        }

        LocalFileSystem.Instance.SyncDirectory(to);
    }

    // ".new": a file about to replace another.
    private static bool IsLeftOut(string name) =>
        FileJournal.Owns(name) || SnapshotStore.Owns(name) || name is BackupStatement.FileName or SnapshotHold.FileName || name.EndsWith(".new", StringComparison.Ordinal);

    private static void CopyFile(string path, string copy)
    {
        try
        {
            File.Copy(path, copy);
        }
        catch (FileNotFoundException)
        {
            return; // Deleted since it was listed: so be it.
        }

        using IFile written = LocalFileSystem.Instance.OpenRead(copy);
        written.Sync();
    }
}
