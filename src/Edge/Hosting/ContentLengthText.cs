using System.Text;

namespace Exchange.Edge.Hosting;

/// <summary>Reads the value of a Content-Length so that only digits are one.</summary>
/// <remarks>
/// Left to itself the server also takes a sign, as in <c>+5</c> or <c>-0</c>, which a proxy in front may read as another length or as none.
/// By the time a request is looked at its text is gone; how header values become text is the one place where it can be refused.
/// </remarks>
internal sealed class ContentLengthText : Encoding
{
    /// <summary>Of the longest number that fits 64 bits.</summary>
    private const int MostDigits = 19;

    private static readonly ContentLengthText Strict = new();

    /// <summary>For the server's options; null: as usual.</summary>
    public static Encoding? Of(string headerName) =>
        string.Equals(headerName, "Content-Length", StringComparison.OrdinalIgnoreCase) ? Strict : null;

    public override int GetChars(ReadOnlySpan<byte> bytes, Span<char> chars)
    {
        if (bytes.Length <= MostDigits && !bytes.ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            return Latin1.GetChars(bytes, chars);
        chars[0] = '?';   // No number at all, so the server refuses the request.
        return 1;
    }

    public override int GetByteCount(char[] chars, int index, int count) => Latin1.GetByteCount(chars, index, count);

    public override int GetBytes(char[] chars, int charIndex, int charCount, byte[] bytes, int byteIndex) =>
        Latin1.GetBytes(chars, charIndex, charCount, bytes, byteIndex);

    public override int GetCharCount(byte[] bytes, int index, int count) => count;

    public override int GetChars(byte[] bytes, int byteIndex, int byteCount, char[] chars, int charIndex) =>
        GetChars(bytes.AsSpan(byteIndex, byteCount), chars.AsSpan(charIndex));

    public override int GetMaxByteCount(int charCount) => Latin1.GetMaxByteCount(charCount);

    public override int GetMaxCharCount(int byteCount) => Math.Max(1, byteCount);
}
