using System.Globalization;
using System.Text.Json;
using Exchange.Storage.Files;

namespace Exchange.Embedded.Backups;

/// <summary>What a backup is of; lies in its folder as <see cref="FileName"/>.</summary>
/// <param name="Sequence">The last record in it.</param>
/// <param name="SnapshotSequence">Of the snapshot it begins with: no point before it can be restored. 0: it begins with the first record.</param>
/// <param name="TimeMs">The venue's time at the last record, in milliseconds since 1970.</param>
/// <param name="StateHash">Of the machines at the last record, 32 hexadecimal digits.</param>
/// <param name="WriterVersion">Build that ran the venue.</param>
public sealed record BackupStatement(ulong Sequence, ulong SnapshotSequence, long TimeMs, string StateHash, string WriterVersion)
{
    public const string FileName = "backup.json";
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    internal static string HashText(UInt128 hash) => hash.ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>Null: the folder is no backup.</summary>
    /// <exception cref="InvalidDataException">It is no longer what was written.</exception>
    public static BackupStatement? Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            return null;
        try
        {
            return JsonSerializer.Deserialize<BackupStatement>(File.ReadAllText(path), Json)
                ?? throw new InvalidDataException($"{path} says nothing.");
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException($"{path} is damaged: {problem.Message}", problem);
        }
    }

    internal void Write(string folder)
    {
        string path = Path.Combine(folder, FileName);
        File.WriteAllText(path, JsonSerializer.Serialize(this, Json));
        using IFile written = LocalFileSystem.Instance.OpenRead(path);
        written.Sync();
    }
}
