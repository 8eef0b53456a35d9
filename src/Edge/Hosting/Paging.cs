using System.Buffers.Binary;
using System.Buffers.Text;
using System.Text.Json;
using Exchange.Edge.Errors;
using Exchange.Edge.Json;

namespace Exchange.Edge.Hosting;

/// <summary>Pages by opaque cursor: base64url of the number that the next page lies below.</summary>
internal static class Paging
{
    /// <summary>The answer of a list.</summary>
    public static AnswerShape Shape(string name, string rows, AnswerShape row) => new(name,
        new AnswerField(rows, AnswerKind.List, "The rows.", Shape: row),
        new AnswerField("nextCursor", AnswerKind.Text, "Give it as cursor to get the next page; absent: there is no more.", IsOptional: true));

    public static Problem? Read(QueryFields query, int limitField, int cursorField, out int limit, out ulong before)
    {
        before = 0;
        Problem? problem = query.Integer(limitField, 1, WireLimits.PageRows, WireLimits.DefaultPageRows, out long rows);
        limit = (int)rows;
        if (problem is not null || query[cursorField] is not { } cursor)
            return problem;
        return TryDecode(cursor, out before) ? null : Problems.Field(ErrorCatalogue.BadCursor, "cursor");
    }

    public static void WriteNext(Utf8JsonWriter json, ulong next)
    {
        if (next == 0)
            return;
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, next);
        json.WriteString("nextCursor"u8, Base64Url.EncodeToString(bytes));
    }

    private static bool TryDecode(string cursor, out ulong before)
    {
        before = 0;
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        if (cursor.Length != 11 || !Base64Url.IsValid(cursor) || !Base64Url.TryDecodeFromChars(cursor, bytes, out int length) || length != bytes.Length)
            return false;
        before = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        return before != 0;
    }
}
