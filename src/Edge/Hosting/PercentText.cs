using System.Globalization;

namespace Exchange.Edge.Hosting;

/// <summary>Percent-encoding, decoded strictly and once; only ASCII comes out, which is all the API takes.</summary>
internal static class PercentText
{
    /// <summary>False: a broken escape, or something outside ASCII.</summary>
    public static bool TryDecode(ReadOnlySpan<char> encoded, out string text)
    {
        text = "";
        Span<char> decoded = encoded.Length <= 512 ? stackalloc char[encoded.Length] : new char[encoded.Length];
        int length = 0;
        for (int i = 0; i < encoded.Length; i++)
        {
            char c = encoded[i];
            if (c == '%')
            {
                if (i + 2 >= encoded.Length || !byte.TryParse(encoded.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, null, out byte code))
                    return false;
                c = (char)code;
                i += 2;
            }

            if (c is < ' ' or > '~')
                return false;
            decoded[length++] = c;
        }

        text = new string(decoded[..length]);
        return true;
    }
}
