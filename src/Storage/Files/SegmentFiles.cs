using System.Globalization;
using Exchange.Core.Journaling;

namespace Exchange.Storage.Files;

/// <summary>Names of the journal's files and the reading of their first block.</summary>
internal static class SegmentFiles
{
    public const string UnfinishedSuffix = ".tmp";
    private const string Prefix = "segment-";
    private const string Suffix = ".journal";

    public static string PathOf(string directory, ulong segmentId) =>
        Path.Combine(directory, Prefix + segmentId.ToString("D10", CultureInfo.InvariantCulture) + Suffix);

    public static bool IsSegment(string name) => TryParse(name, out _);

    public static bool TryParse(string name, out ulong segmentId)
    {
        segmentId = 0;
        return name.StartsWith(Prefix, StringComparison.Ordinal)
            && name.EndsWith(Suffix, StringComparison.Ordinal)
            && name.Length > Prefix.Length + Suffix.Length
            && ulong.TryParse(name.AsSpan(Prefix.Length, name.Length - Prefix.Length - Suffix.Length), NumberStyles.None,
                CultureInfo.InvariantCulture, out segmentId);
    }

    /// <summary>Ids of the segments in a folder, rising.</summary>
    public static List<ulong> List(IFileSystem files, string directory)
    {
        List<ulong> segments = [];
        foreach (string name in files.List(directory))
        {
            if (TryParse(name, out ulong segmentId))
                segments.Add(segmentId);
        }

        segments.Sort();
        return segments;
    }

    /// <summary>Reads and judges a header; what is neither valid, blank nor torn is an exception.</summary>
    public static SegmentHeaderVerdict ReadHeader(
        IFile file, string path, ulong journalId, ulong segmentId, out SegmentHeader header)
    {
        header = default;
        if (file.Length < 2 * JournalFormat.BlockBytes)
            throw new JournalDamagedException(path, file.Length, 0, "the file has been cut");

        byte[] block = new byte[JournalFormat.BlockBytes];
        file.Read(0, block);
        SegmentHeaderVerdict verdict = SegmentHeader.Read(block, out header);
        switch (verdict)
        {
            case SegmentHeaderVerdict.Newer:
                throw new JournalVersionException(path, header.Version, JournalFormat.Version);
            case SegmentHeaderVerdict.Damaged:
                throw new JournalDamagedException(path, 0, 0, "its header is not what was written");
            case SegmentHeaderVerdict.Valid:
                CheckIdentity(file, path, journalId, segmentId, header);
                break;
            default:
                file.Read(JournalFormat.BlockBytes, block);
                if (block.AsSpan().ContainsAnyExcept((byte)0))
                    throw new JournalDamagedException(path, 0, 0, "its header is missing, its records are not");
                break;
        }

        return verdict;
    }

    /// <summary>Whether a segment has been taken into use, while its writer may be about just that.</summary>
    public static bool IsInUse(IFileSystem files, string directory, ulong journalId, ulong segmentId, out SegmentHeader header)
    {
        header = default;
        string path = PathOf(directory, segmentId);
        if (!files.Exists(path))
            return false;
        using IFile file = files.OpenRead(path);
        byte[] block = new byte[JournalFormat.BlockBytes];
        file.Read(0, block);
        if (SegmentHeader.Read(block, out header) != SegmentHeaderVerdict.Valid)
            return false;
        CheckIdentity(file, path, journalId, segmentId, header);
        return true;
    }

    private static void CheckIdentity(IFile file, string path, ulong journalId, ulong segmentId, in SegmentHeader header)
    {
        if (header.JournalId != journalId)
            throw new JournalDamagedException(path, 0, header.FirstSequence, "the file belongs to another journal");
        if (header.SegmentId != segmentId)
            throw new JournalDamagedException(path, 0, header.FirstSequence, $"the file is that of segment {header.SegmentId}");
        if (header.SegmentBytes != file.Length)
        {
            throw new JournalDamagedException(
                path, file.Length, header.FirstSequence, $"the file is {file.Length} bytes long instead of {header.SegmentBytes}");
        }
    }
}
