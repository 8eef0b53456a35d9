using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using Exchange.Edge.Authentication;
using Exchange.Edge.Errors;

namespace Exchange.Edge.Audit;

/// <summary>What administrators did, and what became of keys and tokens: a line of JSON each, durable before it is answered.</summary>
/// <remarks>
/// Files <c>audit-YYYY-MM.jsonl</c> beside keys.json, for their owner only, appended to and never rewritten. Each line holds the SHA-256
/// of the line before it, over the files, so that a line changed or taken out is noticed. A line that was not finished before a crash
/// stays as it is. Once a line could not be written nothing more is recorded, and nothing more that would have to be is done.
/// </remarks>
public sealed class AuditLog : IDisposable
{
    private readonly string _folder;
    private readonly TimeProvider _time;
    private readonly Lock _writing = new();
    private readonly ArrayBufferWriter<byte> _line = new();
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

    /// <summary>Records what the host itself did at start.</summary>
    public void RecordHost(string action, string subject) => Record(new AuditEntry(action, AuditEntry.Done) { Subject = subject });

    public void Dispose() => _file?.Dispose();

    /// <summary>Why nothing may be done that has to be recorded; null: it may.</summary>
    internal Problem? Refuse() => Volatile.Read(ref _isBroken) ? new Problem(ErrorCatalogue.AuditUnavailable) : null;

    /// <summary>Writes a line; returns once it is durable.</summary>
    /// <exception cref="IOException">It is not: whatever was done must not be answered as done.</exception>
    internal void Record(AuditEntry entry)
    {
        lock (_writing)
        {
            if (_isBroken)
                throw new IOException("An audit line could not be written before.");
            long nowMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
            Format(entry, nowMs);
            string hash = Convert.ToHexStringLower(SHA256.HashData(_line.WrittenSpan));
            _line.Write("\n"u8);
            try
            {
                FileStream file = FileOf(nowMs);
                file.Write(_line.WrittenSpan);
                file.Flush(flushToDisk: true);
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                Volatile.Write(ref _isBroken, true);
                throw new IOException("An audit line could not be written.", fault);
            }

            _previous = hash;
            LastTimeMs = nowMs;
        }
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

    private void Format(AuditEntry entry, long nowMs)
    {
        _line.ResetWrittenCount();
        using var json = new Utf8JsonWriter(_line);
        json.WriteStartObject();
        json.WriteNumber("timeMs"u8, nowMs);
        json.WriteString("action"u8, entry.Action);
        json.WriteString("outcome"u8, entry.Outcome);
        if (entry.KeyId is not null)
        {
            json.WriteString("keyId"u8, entry.KeyId);
            json.WriteString("accountId"u8, entry.Account.ToString(CultureInfo.InvariantCulture));
        }

        WriteText(json, "address"u8, entry.Address?.ToString());
        WriteText(json, "requestId"u8, entry.RequestId);
        WriteText(json, "target"u8, entry.Target);
        WriteText(json, "subject"u8, entry.Subject);
        if (!entry.Request.IsEmpty)
        {
            json.WritePropertyName("request"u8);
            using JsonDocument request = JsonDocument.Parse(entry.Request);
            request.WriteTo(json);
        }

        json.WriteString("previous"u8, _previous);
        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }
}
