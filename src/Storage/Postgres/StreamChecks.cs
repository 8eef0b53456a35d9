using Exchange.Core.Journaling;
using Exchange.Storage.Streams;

namespace Exchange.Storage.Postgres;

/// <summary>Checksums of what is stored; each is good for its own place only, so a row in another's place is found too.</summary>
internal static class StreamChecks
{
    private const ulong JournalKind = 1;
    private const ulong LogKind = 2;
    private const ulong StateKind = 3;

    public static uint OfJournal(StreamId stream, ulong first, ulong epoch, ReadOnlySpan<byte> records) => Of(JournalKind, stream, first, epoch, records);

    public static uint OfLog(StreamId stream, ulong first, ulong epoch, ReadOnlySpan<byte> rows) => Of(LogKind, stream, first, epoch, rows);

    public static uint OfState(StreamId stream, ulong number, ulong epoch, ReadOnlySpan<byte> state) => Of(StateKind, stream, number, epoch, state);

    private static uint Of(ulong kind, StreamId stream, ulong number, ulong epoch, ReadOnlySpan<byte> bytes) =>
        ~Crc32C.Append(Crc32C.Seed((kind << 56) | (ulong)stream.Value, number, epoch), bytes);
}
