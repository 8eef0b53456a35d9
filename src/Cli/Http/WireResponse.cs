using System.Buffers.Text;
using System.Text;

namespace Exchange.Cli.Http;

/// <summary>One response in a receive buffer; good until the buffer is read into again.</summary>
internal readonly ref struct WireResponse
{
    private static ReadOnlySpan<byte> Version => "HTTP/1.1 "u8;

    private static ReadOnlySpan<byte> LengthName => "Content-Length:"u8;

    private WireResponse(int status, ReadOnlySpan<byte> body)
    {
        Status = status;
        Body = body;
    }

    public int Status { get; }

    public ReadOnlySpan<byte> Body { get; }

    public bool IsSuccess => Status is >= 200 and < 300;

    /// <summary>Finds the response that <paramref name="received"/> begins with.</summary>
    /// <param name="received">What has come.</param>
    /// <param name="response">The response, when it is there whole.</param>
    /// <returns>Its bytes, head and body; 0: not all of it has come.</returns>
    /// <exception cref="InvalidDataException">It is no HTTP/1.1 response that tells its length.</exception>
    public static int TryRead(ReadOnlySpan<byte> received, out WireResponse response)
    {
        response = default;
        int head = received.IndexOf("\r\n\r\n"u8);
        if (head < 0)
            return 0;
        ReadOnlySpan<byte> lines = received[..(head + 2)];
        if (!lines.StartsWith(Version) || !Utf8Parser.TryParse(lines[Version.Length..], out int status, out int digits) || digits != 3)
            throw new InvalidDataException("The server's answer is not HTTP/1.1.");

        int start = head + 4;
        int length = LengthOf(lines);
        if (received.Length - start < length)
            return 0;
        response = new WireResponse(status, received.Slice(start, length));
        return start + length;
    }

    private static int LengthOf(ReadOnlySpan<byte> lines)
    {
        while (true)
        {
            int end = lines.IndexOf("\r\n"u8);
            if (end < 0)
                throw new InvalidDataException("The server's answer does not tell its length.");
            ReadOnlySpan<byte> line = lines[..end];
            if (line.Length > LengthName.Length && Ascii.EqualsIgnoreCase(line[..LengthName.Length], LengthName))
            {
                ReadOnlySpan<byte> value = line[LengthName.Length..].Trim((byte)' ');
                return Utf8Parser.TryParse(value, out int length, out int digits) && digits == value.Length && length >= 0
                    ? length
                    : throw new InvalidDataException("The server's answer tells no plain length.");
            }

            lines = lines[(end + 2)..];
        }
    }
}
