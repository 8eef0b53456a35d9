namespace Exchange.Edge.Errors;

/// <summary>One refusal as it is told to the client: an entry of the catalogue with what is particular to this request.</summary>
/// <remarks>Nothing in it is text of the request: values are formatted anew from what was parsed.</remarks>
internal sealed record Problem(ErrorEntry Entry)
{
    /// <summary>A sentence about this very request; null: the entry's advice.</summary>
    public string? Detail { get; init; }

    /// <summary>The offending field, parameter or header.</summary>
    public string? Field { get; init; }

    /// <summary>What was given, formatted anew.</summary>
    public string? Value { get; init; }

    /// <summary>What bounds it.</summary>
    public string? Limit { get; init; }

    /// <summary>The values around it that would have passed.</summary>
    public string[]? Nearest { get; init; }

    /// <summary>The server's time, for errors of the client's clock.</summary>
    public long? ServerTimeMs { get; init; }

    /// <summary>Server's time minus the client's.</summary>
    public long? DifferenceMs { get; init; }

    /// <summary>When a repeat would pass; a second where nothing is said.</summary>
    public int? RetryAfterSeconds { get; init; }

    /// <summary>For 405: the methods the path takes.</summary>
    public string? Allow { get; init; }
}

/// <summary>Short forms for the refusals that many places make.</summary>
internal static class Problems
{
    public static Problem Field(ErrorEntry entry, string field, string? detail = null, string? limit = null) =>
        new(entry) { Field = field, Detail = detail, Limit = limit };

    public static Problem BadDecimal(string field) =>
        Field(ErrorCatalogue.BadDecimal, field, $"{field} must be a decimal string such as \"30000.10\": digits, at most one point, no sign or exponent.");

    public static Problem BadInteger(string field, long largest) =>
        Field(ErrorCatalogue.BadInteger, field, $"{field} must be a whole number from 0 to {largest}, without sign, point or exponent.", largest.ToString());

    public static Problem Missing(string field) => Field(ErrorCatalogue.MissingField, field, $"{field} is required.");

    public static Problem WrongType(string field, string expected) =>
        Field(ErrorCatalogue.WrongType, field, $"{field} must be {expected}.");
}
