using System.Globalization;
using Exchange.Edge.Authentication;

namespace Exchange.Edge.Audit;

/// <summary>The audit log in files, for a venue that one server serves.</summary>
/// <remarks>
/// Files <c>audit-YYYY-MM.jsonl</c> beside keys.json, for their owner only, appended to and never rewritten. Each line holds the SHA-256
/// of the line before it, over the files, so that a line changed or taken out is noticed. A line that was not finished before a crash
/// stays as it is. Once a line could not be written nothing more is recorded, and nothing more that would have to be is done.
/// </remarks>
public sealed class AuditLog : IAuditLog, IDisposable
{
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly Lock _writing = new();
    private string _previous;
    private string? _path;
    private FileStream? _file;
    private bool _isBroken;

    /// <exception cref="InvalidOperationException">No folder is named.</exception>
    public AuditLog(string folder, TimeProvider time)
    {
        if (string.IsNullOrEmpty(folder))
            throw new InvalidOperationException("Set Keys:Folder to the folder that keys.json and the audit log lie in.");
        Directory.CreateDirectory(folder);
        _folder = folder;
        _time = time;
        AuditTail tail = AuditTail.Find(folder);
        _previous = tail.Hash;
        LastTimeMs = tail.TimeMs;
    }

    /// <summary>Of the last line, Unix milliseconds; 0: there is none.</summary>
    public long LastTimeMs { get; private set; }

    public void Dispose() => _file?.Dispose();

    public ValueTask<bool> IsWritable() => new(!Volatile.Read(ref _isBroken));

    public ValueTask Record(AuditEntry entry)
    {
        lock (_writing)
            Write(entry);
        return ValueTask.CompletedTask;
    }

    private void Write(AuditEntry entry)
    {
        if (_isBroken)
            throw new IOException("An audit line could not be written before.");
        long nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        AuditLine line = AuditLine.Of(entry, nowMs, _previous);
        try
        {
            FileStream file = FileOf(nowMs);
            file.Write([.. line.Text.Span, (byte)'\n']);
            file.Flush(flushToDisk: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            Volatile.Write(ref _isBroken, true);
            throw new IOException("An audit line could not be written.", fault);
        }

        _previous = line.Hash();
        LastTimeMs = nowMs;
    }

    private FileStream FileOf(long nowMs)
    {
        string month = DateTimeOffset.FromUnixTimeMilliseconds(nowMs).ToString("yyyy-MM", CultureInfo.InvariantCulture);
        string path = Path.Combine(_folder, $"{AuditTail.Prefix}{month}{AuditTail.Extension}");
        if (_file is not null && path == _path)
            return _file;
        _file?.Dispose();
        bool isUnfinished = AuditTail.IsUnfinished(path);
        _file = OwnerOnlyFile.Open(path, FileMode.Append);
        _path = path;
        FolderSync.Sync(_folder);
        if (isUnfinished)
            _file.Write("\n"u8);
        return _file;
    }
}
