using System.Text;

namespace Exchange.Cli.Index;

/// <summary>The last line of a file that somebody else writes; read when the file has changed, and as old as its change.</summary>
/// <remarks>A line counts once its end is written. Of several fields (commas, semicolons, spaces, tabs) the last is the price.</remarks>
internal sealed class FileSource(string name, string path, TimeProvider clock) : IndexSource(name, clock)
{
    private const int TailBytes = 4_096;
    private (DateTime Changed, long Length) _seen;

    public override Task Poll(CancellationToken cancellation)
    {
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
                Trouble = "there is no such file";
            else if ((file.LastWriteTimeUtc, file.Length) is var now && now != _seen && LastLine() is { } line)
                Read(line, now);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            Trouble = unreadable.Message;
        }

        return Task.CompletedTask;
    }

    private void Read(string line, (DateTime Changed, long Length) now)
    {
        _seen = now;
        long changedMs = new DateTimeOffset(now.Changed).ToUnixTimeMilliseconds();
        Take(line.Split([',', ';', ' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries).LastOrDefault(""), Math.Min(changedMs, NowMs));
    }

    /// <summary>Null: none has been written to its end.</summary>
    private string? LastLine()
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        file.Seek(-Math.Min(file.Length, TailBytes), SeekOrigin.End);
        Span<byte> tail = stackalloc byte[TailBytes];
        string text = Encoding.UTF8.GetString(tail[..file.ReadAtLeast(tail, TailBytes, throwOnEndOfStream: false)]);
        int end = text.LastIndexOf('\n');
        return end < 0 ? null : text[..end].TrimEnd().Split('\n')[^1];
    }
}
