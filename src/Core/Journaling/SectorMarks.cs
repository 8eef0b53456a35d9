namespace Exchange.Core.Journaling;

/// <summary>The non-zero last byte of every sector, by which a sector never written is told from a damaged one.</summary>
/// <remarks>
/// Sectors of one write reach a disk in any order and onto zeros. Without marks, a flipped bit in the last acknowledged
/// batch would look like a torn write and be cut off in silence. The bytes that marks displace are kept behind the
/// body (one in 512).
/// </remarks>
internal static class SectorMarks
{
    private const int Last = JournalFormat.SectorBytes - 1;

    /// <summary>Marks whole sectors, keeping the displaced bytes of the first <paramref name="used"/> behind them.</summary>
    /// <returns>The bytes used with what is kept; the rest of <paramref name="buffer"/> is for the caller to clear.</returns>
    public static int Set(Span<byte> buffer, int used)
    {
        int kept = used;
        for (int end = Last; end < used; end += JournalFormat.SectorBytes)
        {
            if ((kept & Last) == Last)
                kept++;
            buffer[kept++] = buffer[end];
        }

        int whole = JournalFormat.AlignToBlock(kept);
        buffer[kept..whole].Clear();
        for (int end = Last; end < whole; end += JournalFormat.SectorBytes)
            buffer[end] = JournalFormat.SectorMark;
        return whole;
    }

    /// <summary>Puts back the displaced bytes of the first <paramref name="used"/>.</summary>
    public static void Restore(Span<byte> buffer, int used)
    {
        int kept = used;
        for (int end = Last; end < used; end += JournalFormat.SectorBytes)
        {
            if ((kept & Last) == Last)
                kept++;
            buffer[end] = buffer[kept++];
        }
    }

    /// <summary>How many bytes <see cref="Set"/> will use for <paramref name="used"/>, in whole blocks.</summary>
    public static int WholeBytes(int used)
    {
        int kept = used / JournalFormat.SectorBytes;
        // A kept byte never lies on a sector's last byte, so each sector takes at most 511 of them.
        int free = Last - (used & Last);
        int skipped = kept <= free ? 0 : 1 + ((kept - free - 1) / Last);
        return JournalFormat.AlignToBlock(used + kept + skipped);
    }

    /// <summary>Whether some sector was never written to its end.</summary>
    public static bool AnyMissing(ReadOnlySpan<byte> sectors)
    {
        for (int end = Last; end < sectors.Length; end += JournalFormat.SectorBytes)
        {
            if (sectors[end] == 0)
                return true;
        }

        return false;
    }
}
