using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Exchange.Edge.Hosting;

/// <summary>Entity tags of answers that follow from a few numbers: the same numbers, the same answer, so 304 will do.</summary>
internal static class AnswerTag
{
    /// <summary>Numbers of another start, perhaps of another venue at the same address, mean something else.</summary>
    private static readonly string Start = RandomNumberGenerator.GetHexString(8, lowercase: true);

    /// <summary>Puts the tag on the response, and answers 304 if the client has this very answer.</summary>
    /// <returns>True: it has, and nothing must be written.</returns>
    public static bool IsKnown(HttpContext http, params ReadOnlySpan<ulong> numbers)
    {
        string tag = Text(numbers);
        http.Response.Headers.ETag = tag;
        http.Response.Headers.CacheControl = "no-cache";   // To be kept, but asked for each time.
        if (!IsListed(http.Request.Headers.IfNoneMatch, tag))
            return false;
        http.Response.StatusCode = StatusCodes.Status304NotModified;
        return true;
    }

    /// <summary>Weak: a compressed answer has the same tag.</summary>
    private static string Text(ReadOnlySpan<ulong> numbers)
    {
        var text = new StringBuilder("W/\"").Append(Start);
        foreach (ulong number in numbers)
            text.Append(CultureInfo.InvariantCulture, $"-{number:x}");
        return text.Append('"').ToString();
    }

    private static bool IsListed(StringValues header, string tag)
    {
        ReadOnlySpan<char> opaque = tag.AsSpan(2);
        foreach (string? line in header)
        {
            foreach (Range range in line.AsSpan().Split(','))
            {
                ReadOnlySpan<char> known = line.AsSpan()[range].Trim();
                if (known is "*" || (known.StartsWith("W/", StringComparison.Ordinal) ? known[2..] : known).SequenceEqual(opaque))
                    return true;
            }
        }

        return false;
    }
}
