using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace Exchange.Edge.Audit;

/// <summary>One line of the audit log, JSON without its line feed, which holds the hash of the line before.</summary>
/// <param name="Text">ASCII.</param>
public readonly record struct AuditLine(ReadOnlyMemory<byte> Text)
{
    /// <summary>What the first line has for the hash of the one before.</summary>
    public static string NoHash { get; } = new('0', 64);

    /// <summary>SHA-256 of the text, in lower-case hex.</summary>
    public string Hash() => HashOf(Text.Span);

    public static string HashOf(ReadOnlySpan<byte> text) => Convert.ToHexStringLower(SHA256.HashData(text));

    /// <param name="nowMs">Unix milliseconds.</param>
    /// <param name="previous">Hash of the line before.</param>
    public static AuditLine Of(AuditEntry entry, long nowMs, string previous)
    {
        var line = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(line);
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

        json.WriteString("previous"u8, previous);
        json.WriteEndObject();
        json.Flush();
        return new AuditLine(line.WrittenMemory);
    }

    private static void WriteText(Utf8JsonWriter json, ReadOnlySpan<byte> name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }
}
