using System.Collections.Immutable;
using Exchange.Core;

namespace Exchange.Edge.Errors;

/// <summary>Every error of the API, once: status, sentence and meaning. OpenAPI and docs/errors.md are made from it.</summary>
internal static partial class ErrorCatalogue
{
    /// <summary>All entries in the order of the document: by status, then as declared.</summary>
    public static IReadOnlyList<ErrorEntry> All { get; }

    private static readonly ImmutableArray<ErrorEntry> ByReason;

    // In a constructor: it runs after the initialisers of every part of this class.
    static ErrorCatalogue()
    {
        ErrorEntry[] venue = Venue;
        All = [.. Requests.Concat(Credentials).Concat(Limits).Concat(Streams).Concat(Features).Concat(venue).OrderBy(entry => entry.Status)];
        ByReason = IndexByReason(venue);
    }

    /// <summary>The entry that answers a refusal of the venue.</summary>
    public static ErrorEntry Of(RejectReason reason) =>
        (int)reason < ByReason.Length ? ByReason[(int)reason] : Internal;

    private static ImmutableArray<ErrorEntry> IndexByReason(ErrorEntry[] venue)
    {
        // What passes only between machines would be our fault if it came out here.
        var table = new ErrorEntry[(int)Enum.GetValues<RejectReason>().Max() + 1];
        Array.Fill(table, Internal);
        foreach (ErrorEntry entry in venue)
        {
            if (entry.Reason != RejectReason.None)
                table[(int)entry.Reason] = entry;
        }

        return [.. table];
    }
}
