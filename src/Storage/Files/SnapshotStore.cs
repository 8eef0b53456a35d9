using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Exchange.Core.Journaling;

namespace Exchange.Storage.Files;

/// <summary>Snapshots of the machines in a folder: the newest, the one before it, and the one that a <see cref="SnapshotHold"/> asks for.</summary>
/// <remarks>
/// How to use: <see cref="TryRestore"/> at the start, then open the journal behind it; <see cref="Save(SnapshotInfo, Action{Stream})"/> now and then,
/// and give what it returns to <see cref="FileJournal.DeleteThrough"/>. A file gets its name only when it is whole and
/// synced, so a crash leaves the older ones as they were. One writer at a time, as the journal's lock makes sure.
/// </remarks>
public sealed class SnapshotStore
{
    private const string Prefix = "snapshot-";
    private const string Suffix = ".snapshot";

    private readonly string _directory;
    private readonly IFileSystem _files;

    /// <param name="directory">Must exist; may be the journal's.</param>
    /// <param name="files">Null: the machine's own.</param>
    public SnapshotStore(string directory, IFileSystem? files = null)
    {
        _directory = directory;
        _files = files ?? LocalFileSystem.Instance;
    }

    /// <summary>Whether a file of this name is a snapshot, whole or not.</summary>
    public static bool Owns(string name) => name.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>Sequences of the snapshots there are, newest first; damaged ones too.</summary>
    public IReadOnlyList<ulong> Sequences
    {
        get
        {
            List<ulong> sequences = [];
            foreach (string name in _files.List(_directory))
            {
                if (TryParse(name, out ulong sequence))
                    sequences.Add(sequence);
            }

            sequences.Sort((left, right) => right.CompareTo(left));
            return sequences;
        }
    }

    /// <summary>
    /// Writes a snapshot; durable when it returns. Then deletes all but it, the newest intact one before it and the newest intact one
    /// that is held (<see cref="SnapshotHold"/>), unless somebody holds the folder (<see cref="FolderHold"/>).
    /// </summary>
    /// <param name="info">What it is of.</param>
    /// <param name="write">Writes the payload; what it throws leaves no snapshot.</param>
    /// <returns>The sequence of the oldest one kept: the journal may be deleted through it. 0 if there is one only, or if the journal's begin is held.</returns>
    /// <exception cref="StorageException">It could not be written; the older ones are as they were.</exception>
    public ulong Save(SnapshotInfo info, Action<Stream> write)
    {
        if (Encoding.UTF8.GetByteCount(info.WriterVersion) > SnapshotInfo.MaxWriterBytes)
            throw new ArgumentException("The writer's version is too long.", nameof(info));

        string path = PathOf(info.Sequence);
        string unfinished = path + SegmentFiles.UnfinishedSuffix;
        foreach (string name in _files.List(_directory))
        {
            if (name.StartsWith(Prefix, StringComparison.Ordinal) && name.EndsWith(SegmentFiles.UnfinishedSuffix, StringComparison.Ordinal))
                _files.Delete(Path.Combine(_directory, name));
        }

        try
        {
            Write(unfinished, info, write);
        }
        catch
        {
            if (_files.Exists(unfinished))
                _files.Delete(unfinished);
            throw;
        }

        _files.Rename(unfinished, path);
        _files.SyncDirectory(_directory);
        return KeepOneBefore(info.Sequence);
    }

    /// <summary>Writes a snapshot whose payload is in memory.</summary>
    public ulong Save(SnapshotInfo info, ReadOnlyMemory<byte> payload) => Save(info, stream => stream.Write(payload.Span));

    /// <summary>Restores from the newest intact snapshot: each is verified to its last byte before it is passed on.</summary>
    /// <param name="restore">Makes the machines anew from a payload.</param>
    /// <param name="restored">What <paramref name="restore"/> returned.</param>
    /// <param name="passedOver">Told of each newer one that is damaged; the operator should know.</param>
    /// <param name="through">Newer ones than this sequence's are not looked at.</param>
    /// <returns>False if there is no intact one. If there were some, the journal's start may be missing: it will say so.</returns>
    /// <exception cref="JournalVersionException">A newer build wrote one; nothing older is used instead.</exception>
    public bool TryRestore<T>(Func<SnapshotInfo, Stream, T> restore, [MaybeNullWhen(false)] out T restored,
        Action<SnapshotDamagedException>? passedOver = null, ulong through = ulong.MaxValue)
    {
        foreach (ulong sequence in Sequences.Where(sequence => sequence <= through))
        {
            try
            {
                restored = Restore(sequence, restore);
            }
            catch (SnapshotDamagedException damage)
            {
                passedOver?.Invoke(damage);
                continue;
            }

            return true;
        }

        restored = default;
        return false;
    }

    /// <summary>Restores from one of <see cref="Sequences"/>.</summary>
    /// <exception cref="SnapshotDamagedException">It is not what was written.</exception>
    public T Restore<T>(ulong sequence, Func<SnapshotInfo, Stream, T> restore)
    {
        string path = PathOf(sequence);
        using IFile file = _files.OpenRead(path);
        SnapshotInfo info = Verify(file, path, sequence, out long payloadBytes);
        using var payload = new SnapshotReadStream(file, SnapshotHeader.Bytes, payloadBytes);
        return restore(info, payload);
    }

    private void Write(string path, SnapshotInfo info, Action<Stream> write)
    {
        using IFile file = _files.Create(path);
        using var payload = new SnapshotWriteStream(file, SnapshotHeader.Bytes, SnapshotHeader.Seed(info.Sequence));
        write(payload);
        payload.Flush();
        byte[] header = new byte[SnapshotHeader.Bytes];
        SnapshotHeader.Write(header, info, payload.Length, payload.Checksum);
        file.Write(0, header);
        file.Sync();
    }

    private ulong KeepOneBefore(ulong newest)
    {
        using IDisposable? alone = FolderHold.TryExclude(_files, _directory);
        ulong held = SnapshotHold.Read(_directory) ?? ulong.MaxValue;
        ulong previous = 0;
        ulong oldest = 0;
        foreach (ulong sequence in Sequences)
        {
            if (sequence >= newest)
                continue;
            bool isWanted = previous == 0 || (oldest > held && sequence <= held);
            if (isWanted && IsIntact(sequence))
                (previous, oldest) = (previous == 0 ? sequence : previous, sequence);
            else if (previous != 0 && alone is not null)
                _files.Delete(PathOf(sequence));
        }

        return oldest <= held ? oldest : 0;
    }

    private bool IsIntact(ulong sequence)
    {
        try
        {
            string path = PathOf(sequence);
            using IFile file = _files.OpenRead(path);
            Verify(file, path, sequence, out _);
            return true;
        }
        catch (SnapshotDamagedException)
        {
            return false;
        }
    }

    private static SnapshotInfo Verify(IFile file, string path, ulong sequence, out long payloadBytes)
    {
        long length = file.Length;
        if (length < SnapshotHeader.Bytes)
            throw new SnapshotDamagedException(path, $"it ends at byte {length}");
        byte[] buffer = new byte[Math.Min(1 << 20, length)];
        file.Read(0, buffer.AsSpan(0, SnapshotHeader.Bytes));
        SnapshotInfo info = SnapshotHeader.Read(buffer.AsSpan(0, SnapshotHeader.Bytes), path, out SnapshotHeader header);
        if (info.Sequence != sequence)
            throw new SnapshotDamagedException(path, $"it is that of sequence {info.Sequence}");
        payloadBytes = header.PayloadBytes;
        if (length != SnapshotHeader.Bytes + payloadBytes)
            throw new SnapshotDamagedException(path, $"it ends at byte {length}");

        uint checksum = SnapshotHeader.Seed(sequence);
        for (long at = SnapshotHeader.Bytes; at < length; at += buffer.Length)
        {
            Span<byte> piece = buffer.AsSpan(0, (int)Math.Min(buffer.Length, length - at));
            file.Read(at, piece);
            checksum = Crc32C.Append(checksum, piece);
        }

        if (checksum != header.PayloadChecksum)
            throw new SnapshotDamagedException(path, "its contents are not what was written");
        return info;
    }

    private string PathOf(ulong sequence) =>
        Path.Combine(_directory, Prefix + sequence.ToString("D20", CultureInfo.InvariantCulture) + Suffix);

    private static bool TryParse(string name, out ulong sequence)
    {
        sequence = 0;
        return name.StartsWith(Prefix, StringComparison.Ordinal)
            && name.EndsWith(Suffix, StringComparison.Ordinal)
            && name.Length > Prefix.Length + Suffix.Length
            && ulong.TryParse(name.AsSpan(Prefix.Length, name.Length - Prefix.Length - Suffix.Length), NumberStyles.None,
                CultureInfo.InvariantCulture, out sequence);
    }
}
