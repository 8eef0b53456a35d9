using System.Globalization;

namespace Exchange.Storage.Files;

/// <summary>A file beside journal and snapshots that says how far somebody who reads behind them has come: what he needs to go on is kept.</summary>
/// <remarks>
/// It is not synced: after a crash it may be older than it was, or torn, and then more is kept than would have to be.
/// <see cref="SnapshotStore.Save(SnapshotInfo, Action{Stream})"/> heeds it, whichever process saves.
/// </remarks>
public static class SnapshotHold
{
    public const string FileName = "history-position";

    /// <summary>Keeps what is needed to go on behind a record.</summary>
    public static void Set(string directory, ulong sequence)
    {
        string path = Path.Combine(directory, FileName);
        File.WriteAllText(path + ".new", sequence.ToString(CultureInfo.InvariantCulture));
        File.Move(path + ".new", path, overwrite: true);
    }

    /// <summary>Nobody needs anything any more.</summary>
    public static void Remove(string directory) => File.Delete(Path.Combine(directory, FileName));

    /// <summary>Null: nothing is held. 0, where it cannot be read: everything is.</summary>
    public static ulong? Read(string directory)
    {
        try
        {
            string text = File.ReadAllText(Path.Combine(directory, FileName));
            return ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out ulong sequence) ? sequence : 0;
        }
        catch (Exception absent) when (absent is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
