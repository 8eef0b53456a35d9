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

    public static readonly ErrorEntry KeyExpired = new("KEY_EXPIRED", 401,
        "The key has expired.", "Make another: POST /api/v1/keys with a key that lives, or ask an administrator.");

    public static readonly ErrorEntry KeyRevoked = new("KEY_REVOKED", 401,
        "The key that the stream was opened with was revoked.", "Connect again with another key; the stream is closed with 1008.");

    public static readonly ErrorEntry AddressNotAllowed = new("ADDRESS_NOT_ALLOWED", 403,
        "The key may not be used from this address.", "`value` is the address the request came from; the key's list names those it may come from.");

    public static readonly ErrorEntry StaleTimestamp = new("STALE_TIMESTAMP", 401,
        "X-Timestamp is older than the receive window or than the server's start.",
        "Set your clock by serverTimeMs, or widen X-Recv-Window (at most 60000); `differenceMs` is the server's time minus yours. Within a second of a restart: sign again.");

    public static readonly ErrorEntry TimestampAhead = new("TIMESTAMP_AHEAD", 401,
        "X-Timestamp is more than a second ahead of the server.", "Set your clock by serverTimeMs; `differenceMs` is the server's time minus yours.");

    public static readonly ErrorEntry SignatureReused = new("SIGNATURE_REUSED", 401,
        "This signature was already used for a request that changes something.",
        "Sign each request anew with the present time; a repeat is safe with the same clientOrderId.");

    public static readonly ErrorEntry SignatureUnchecked = new("SIGNATURE_UNCHECKED", 503,
        "Whether this signature was used before cannot be told now: what remembers it is being brought up elsewhere.",
        "Nothing was done. Sign the request anew and send it after Retry-After seconds.");

    public static readonly ErrorEntry KeysUnavailable = new("KEYS_UNAVAILABLE", 503,
        "Keys and tokens cannot be changed now: their database does not answer.",
        "Whether it was done is unknown: look at the list of keys and repeat after Retry-After seconds. Keys that are known go on working.");

    public static readonly ErrorEntry PermissionMissing = new("PERMISSION_MISSING", 403,
        "The credentials lack the permission this request needs.", "`limit` names it; use a key that has it.");

    public static readonly ErrorEntry NoAccount = new("NO_ACCOUNT", 403,
        "The credentials belong to no trading account.", "Use a key of an account.");

    public static readonly ErrorEntry SignatureRequired = new("SIGNATURE_REQUIRED", 403,
        "This request must be signed; a bearer token is not enough.", "Send X-Key, X-Timestamp and X-Signature.");

    public static readonly ErrorEntry TooManyTokens = new("TOO_MANY_TOKENS", 422,
        "The key has as many live tokens as it may have.", "Use a token you have, or wait until one expires; `limit` is their number.");

    public static readonly ErrorEntry KeyTermsExceeded = new("KEY_TERMS_EXCEEDED", 403,
        "The new key would be used from more addresses, or longer, than the key that makes it.",
        "Leave the field out to take over the bounds of the key that signs, or narrow them; `limit` tells those bounds.");

    public static readonly ErrorEntry UnknownKey = new("UNKNOWN_KEY", 404,
        "No such key.", "It never was, was revoked, or is another account's: one answer for all.");

    public static readonly ErrorEntry LastAdminKey = new("LAST_ADMIN_KEY", 409,
        "The last key that may administer cannot be revoked.", "Make another with the admin permission first, then revoke this one with it.");

    public static readonly ErrorEntry TooManyKeys = new("TOO_MANY_KEYS", 422,
        "The account has as many keys as it may have.", "Revoke one that is not needed; `limit` is their number.");

    public static readonly ErrorEntry BadAddress = new("BAD_ADDRESS", 400,
        "An address list is malformed or has more than 32 entries.",
        "Each is an address or a CIDR range with zeros behind the prefix: 203.0.113.7, 10.0.0.0/8, 2001:db8::/32.");

    public static readonly ErrorEntry ExpiryInPast = new("EXPIRY_IN_PAST", 422,
        "The expiry is not after the present time.", "Give Unix milliseconds in the future, or leave it out; `limit` is the server's time.");

    private static ErrorEntry[] Credentials =>
    [
        CredentialsMissing, CredentialsAmbiguous, BadSignature, BadToken, KeyExpired, KeyRevoked, AddressNotAllowed, StaleTimestamp,
        TimestampAhead, SignatureReused, SignatureUnchecked, KeysUnavailable, PermissionMissing, NoAccount, SignatureRequired, TooManyTokens, KeyTermsExceeded, UnknownKey,
        LastAdminKey, TooManyKeys, BadAddress, ExpiryInPast,
    ];
}
