using System.Text.Json;

namespace Exchange.Edge.Audit;

/// <summary>Where the audit log ended when the server was last stopped.</summary>
/// <param name="Hash">SHA-256 of the last line, in lower-case hex; zeros: there is none.</param>
/// <param name="TimeMs">Of the last line; 0: there is none, or it was not finished.</param>
internal sealed record AuditTail(string Hash, long TimeMs)
{
    public const string Prefix = "audit-";
    public const string Extension = ".jsonl";

    /// <summary>More than any line has.</summary>
    private const int MostLineBytes = 256 * 1_024;

    public static AuditTail Find(string folder)
    {
        // The month is in the name, so the last by name is the last by time.
        string? path = Directory.GetFiles(folder, $"{Prefix}*{Extension}").Order(StringComparer.Ordinal).LastOrDefault(file => new FileInfo(file).Length > 0);
        if (path is null)
            return new AuditTail(AuditLine.NoHash, 0);
        ReadOnlySpan<byte> line = LastLine(path);
        return new AuditTail(AuditLine.HashOf(line), TimeOf(line));
    }

    /// <summary>The file ends in the middle of a line.</summary>
    public static bool IsUnfinished(string path)
    {
        if (!File.Exists(path))
            return false;
        ReadOnlySpan<byte> end = End(path, 1);
        return !end.IsEmpty && end[0] != (byte)'\n';
    }

    private static ReadOnlySpan<byte> LastLine(string path)
    {
        ReadOnlySpan<byte> end = End(path, MostLineBytes);
        if (end.EndsWith("\n"u8))
            end = end[..^1];
        return end[(end.LastIndexOf((byte)'\n') + 1)..];
    }

    private static byte[] End(string path, int most)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[Math.Min(most, file.CanSeek ? file.Length : 0)];
        if (bytes.Length > 0)
        {
            file.Seek(-bytes.Length, SeekOrigin.End);
            file.ReadExactly(bytes);
        }

        return bytes;
    }

    private static long TimeOf(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            return document.RootElement.TryGetProperty("timeMs", out JsonElement time) ? time.GetInt64() : 0;
        }
        catch (JsonException)
        {
            return 0;
        }
    }
}
