namespace Exchange.Edge.Errors;

/// <summary>Errors of credentials and rights.</summary>
internal static partial class ErrorCatalogue
{
    public static readonly ErrorEntry CredentialsMissing = new("CREDENTIALS_MISSING", 401,
        "This request needs credentials.", "Sign it (X-Key, X-Timestamp, X-Signature) or send Authorization: Bearer with a token.");

    public static readonly ErrorEntry CredentialsAmbiguous = new("CREDENTIALS_AMBIGUOUS", 400,
        "The request has both a signature and a bearer token.", "Send one of the two.");

    public static readonly ErrorEntry BadSignature = new("BAD_SIGNATURE", 401,
        "The key or the signature is wrong.",
        "Sign timestamp, METHOD, path?query and body, joined by newlines, with HMAC-SHA256; send lower-case hex. One answer for unknown keys and wrong signatures.");

    public static readonly ErrorEntry BadToken = new("BAD_TOKEN", 401,
        "The bearer token is unknown or has expired.", "Ask for a new one: POST /api/v1/auth/tokens, signed.");

    public static readonly ErrorEntry StaleTimestamp = new("STALE_TIMESTAMP", 401,
        "X-Timestamp is older than the receive window or than the server's start.",
        "Set your clock by serverTimeMs, or widen X-Recv-Window (at most 60000); `differenceMs` is the server's time minus yours.");

    public static readonly ErrorEntry TimestampAhead = new("TIMESTAMP_AHEAD", 401,
        "X-Timestamp is more than a second ahead of the server.", "Set your clock by serverTimeMs; `differenceMs` is the server's time minus yours.");

    public static readonly ErrorEntry SignatureReused = new("SIGNATURE_REUSED", 401,
        "This signature was already used for a request that changes something.",
        "Sign each request anew with the present time; a repeat is safe with the same clientOrderId.");

    public static readonly ErrorEntry PermissionMissing = new("PERMISSION_MISSING", 403,
        "The credentials lack the permission this request needs.", "`limit` names it; use a key that has it.");

    public static readonly ErrorEntry NoAccount = new("NO_ACCOUNT", 403,
        "The credentials belong to no trading account.", "Use a key of an account.");

    public static readonly ErrorEntry SignatureRequired = new("SIGNATURE_REQUIRED", 403,
        "This request must be signed; a bearer token is not enough.", "Send X-Key, X-Timestamp and X-Signature.");

    public static readonly ErrorEntry TooManyTokens = new("TOO_MANY_TOKENS", 422,
        "The key has as many live tokens as it may have.", "Use a token you have, or wait until one expires; `limit` is their number.");

    private static ErrorEntry[] Credentials =>
    [
        CredentialsMissing, CredentialsAmbiguous, BadSignature, BadToken, StaleTimestamp, TimestampAhead, SignatureReused,
        PermissionMissing, NoAccount, SignatureRequired, TooManyTokens,
    ];
}
