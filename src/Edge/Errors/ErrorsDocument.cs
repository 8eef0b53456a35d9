using System.Text;

namespace Exchange.Edge.Errors;

/// <summary>docs/errors.md, made from the catalogue.</summary>
public static class ErrorsDocument
{
    /// <summary>The whole document as markdown.</summary>
    public static string Markdown()
    {
        var text = new StringBuilder();
        text.Append("# Errors\n\n");
        text.Append("Made from the catalogue in `src/Edge/Errors`; a test compares it and tells how to make it anew.\n\n");
        text.Append("Every refusal is a problem document (RFC 9457, `application/problem+json`) with a stable `code`: programs branch on it.\n");
        text.Append("`detail` says what to do; `field`, `value`, `limit` and `nearest` say what was wrong and what would have passed.\n");
        text.Append("`requestId` is also in the header `X-Request-Id`. 429 and 503 come with `Retry-After`. A `5xx` other than 503 means: the\n");
        text.Append("outcome is unknown, repeat with the same `clientOrderId` or `transferId`.\n");
        foreach (IGrouping<int, ErrorEntry> group in ErrorCatalogue.All.GroupBy(entry => entry.Status))
        {
            text.Append($"\n## {group.Key}\n\n| code | what it is | what to do |\n| --- | --- | --- |\n");
            foreach (ErrorEntry entry in group)
                text.Append($"| `{entry.Code}` | {Cell(entry.Title)} | {Cell(entry.Advice)} |\n");
        }

        return text.ToString();
    }

    private static string Cell(string sentence) => sentence.Replace("|", "\\|", StringComparison.Ordinal);
}
