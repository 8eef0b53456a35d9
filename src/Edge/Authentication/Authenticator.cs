using System.Buffers.Binary;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Exchange.Core.Signatures;
using Exchange.Edge.Errors;
using Exchange.Edge.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Exchange.Edge.Authentication;

/// <summary>Finds out who sent a request: by HMAC signature or by bearer token.</summary>
internal sealed class Authenticator
{
    public const string KeyHeader = "X-Key";
    public const string TimestampHeader = "X-Timestamp";
    public const string SignatureHeader = "X-Signature";
    public const string WindowHeader = "X-Recv-Window";

    public const int DefaultWindowMs = 5_000;
    private const string Scheme = "Bearer ";

    private readonly IKeyStore _keys;
    private readonly ITokenStore _tokens;
    private readonly ISignatureGuard _signatures;
    private readonly TimeProvider _time;

    // The server has one string for a header as long as its connection sends the same: its hash need not be computed for every request.
    // Found by the string itself, not by its text, and gone with it.
    private readonly ConditionalWeakTable<string, KnownToken> _hashes = [];

    // Signs for unknown keys, so that they cost the same time as known ones.
    private readonly KeyedHash _nobodysHash = new(RandomNumberGenerator.GetBytes(64));

    public Authenticator(IKeyStore keys, ITokenStore tokens, ISignatureGuard signatures, TimeProvider time)
    {
        _keys = keys;
        _tokens = tokens;
        _signatures = signatures;
        _time = time;
    }

    public long NowMs() => _time.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>Whether the request carries a signature, so that its text must be kept for checking.</summary>
    public static bool IsSigned(IHeaderDictionary headers) => headers.ContainsKey(KeyHeader) || headers.ContainsKey(SignatureHeader);

    /// <summary>Whether what let a caller in still stands: its key was not revoked meanwhile.</summary>
    public bool IsLive(in Caller caller) => caller.KeyId is null || _keys.Find(caller.KeyId) is not null;

    /// <summary>Checks the credentials of a request.</summary>
    /// <param name="headers">Of the request.</param>
    /// <param name="address">Where it came from; null: not known.</param>
    /// <param name="signedText">timestamp, method, path and query, body, joined by newlines; empty when not signed.</param>
    /// <param name="caller">Who it is, when the result is null.</param>
    /// <param name="use">Of the signature, where the caller is signed for: see <see cref="TakeOnce"/>.</param>
    public Problem? Authenticate(
        IHeaderDictionary headers, IPAddress? address, ReadOnlySpan<byte> signedText, out Caller caller, out SignatureUse use)
    {
        caller = default;
        use = default;
        StringValues authorization = headers.Authorization;
        bool isSigned = IsSigned(headers);
        if (isSigned && authorization.Count > 0)
            return new Problem(ErrorCatalogue.CredentialsAmbiguous);
        if (isSigned)
            return CheckSignature(headers, address, signedText, out caller, out use);
        return authorization.Count switch
        {
            0 => new Problem(ErrorCatalogue.CredentialsMissing),
            1 => CheckBearer(authorization.ToString(), address, out caller),
            _ => Problems.Field(ErrorCatalogue.BadHeader, "Authorization", "Authorization is given twice."),
        };
    }

    private Problem? CheckBearer(string authorization, IPAddress? address, out Caller caller)
    {
        caller = default;
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return new Problem(ErrorCatalogue.CredentialsMissing);
        if (_hashes.TryGetValue(authorization, out KnownToken? known))
            return CheckToken(known.Hash, address, out caller);
        if (!TokenHash.TryOf(authorization.AsSpan(Scheme.Length).Trim(), out TokenHash hash))
            return new Problem(ErrorCatalogue.BadToken);
        Problem? problem = CheckToken(hash, address, out caller);
        if (problem is null)
            _hashes.TryAdd(authorization, new KnownToken(hash));
        return problem;
    }

    private sealed record KnownToken(TokenHash Hash);

    /// <summary>Checks a bearer token's text.</summary>
    public Problem? CheckToken(ReadOnlySpan<char> token, IPAddress? address, out Caller caller)
    {
        caller = default;
        return TokenHash.TryOf(token, out TokenHash hash) ? CheckToken(hash, address, out caller) : new Problem(ErrorCatalogue.BadToken);
    }

    private Problem? CheckToken(in TokenHash hash, IPAddress? address, out Caller caller)
    {
        caller = default;
        TokenGrant? grant = _tokens.Find(hash) ?? _keys.FindToken(hash);

        // A token is worth no more than its key: gone with it, and used from nowhere else.
        if (grant is null || grant.ExpiresMs <= NowMs() || _keys.Find(grant.KeyId) is not { } key)
            return new Problem(ErrorCatalogue.BadToken);
        if (CheckTerms(key, address) is { } problem)
            return problem;
        long expiresMs = key.Terms.ExpiresMs == 0 ? grant.ExpiresMs : Math.Min(grant.ExpiresMs, key.Terms.ExpiresMs);
        caller = new Caller(grant.Account, grant.Permissions, key, IsSigned: false, expiresMs);
        return null;
    }

    private Problem? CheckTerms(ApiKey key, IPAddress? address)
    {
        if (key.Terms.IsExpired(NowMs()))
            return new Problem(ErrorCatalogue.KeyExpired);
        return key.Terms.Addresses.Allows(address)
            ? null
            : new Problem(ErrorCatalogue.AddressNotAllowed) { Value = address is null ? null : AddressList.Plain(address).ToString() };
    }

    private Problem? CheckSignature(
        IHeaderDictionary headers, IPAddress? address, ReadOnlySpan<byte> signedText, out Caller caller, out SignatureUse use)
    {
        caller = default;
        use = default;
        if (Single(headers, KeyHeader, out string keyId) is { } keyProblem)
            return keyProblem;
        if (Single(headers, SignatureHeader, out string signature) is { } signatureProblem)
            return signatureProblem;
        if (Single(headers, TimestampHeader, out string timestamp) is { } timestampProblem)
            return timestampProblem;
        if (!headers.ContainsKey(WindowHeader))
            return CheckSignature(new SignedHeaders(keyId, timestamp, signature, null), address, signedText, out caller, out use);
        if (Single(headers, WindowHeader, out string window) is { } windowProblem)
            return windowProblem;
        return CheckSignature(new SignedHeaders(keyId, timestamp, signature, window), address, signedText, out caller, out use);
    }

    /// <summary>Checks a signature over <paramref name="signedText"/>: first the clock, which tells nothing of keys, then key and signature as one.</summary>
    public Problem? CheckSignature(
        in SignedHeaders headers, IPAddress? address, ReadOnlySpan<byte> signedText, out Caller caller, out SignatureUse use)
    {
        caller = default;
        use = default;
        if (CheckClock(headers, out long timestampMs) is { } clockProblem)
            return clockProblem;

        ApiKey? key = _keys.Find(headers.KeyId);
        Span<byte> computed = stackalloc byte[HMACSHA256.HashSizeInBytes];
        (key?.Hash ?? _nobodysHash).Compute(signedText, computed);

        Span<byte> given = stackalloc byte[HMACSHA256.HashSizeInBytes];
        bool isHex = LowerHex.TryDecode(headers.Signature, given);
        bool isEqual = CryptographicOperations.FixedTimeEquals(computed, given);
        if (!isHex || !isEqual || key is null)
            return new Problem(ErrorCatalogue.BadSignature);

        if (CheckTerms(key, address) is { } problem)
            return problem;
        use = new SignatureUse(BinaryPrimitives.ReadUInt128LittleEndian(computed), timestampMs);
        caller = new Caller(key.Account, key.Permissions, key, IsSigned: true, key.Terms.ExpiresMs);
        return null;
    }

    private Problem? CheckClock(in SignedHeaders headers, out long timestampMs)
    {
        long nowMs = NowMs();
        if (!PlainInteger.TryParse(headers.Timestamp, out timestampMs))
            return Problems.Field(ErrorCatalogue.BadHeader, TimestampHeader, "X-Timestamp must be Unix milliseconds, digits only.")
                with { ServerTimeMs = nowMs };

        long windowMs = DefaultWindowMs;
        if (headers.Window is not null
            && (!PlainInteger.TryParse(headers.Window, out windowMs) || windowMs is < 1 or > SignatureMemory.WidestWindowMs))
            return Problems.Field(ErrorCatalogue.BadHeader, WindowHeader, "X-Recv-Window must be 1 to 60000 milliseconds.", "60000");

        if (timestampMs > nowMs + SignatureMemory.MostAheadMs)
            return ClockProblem(ErrorCatalogue.TimestampAhead, timestampMs, nowMs);
        bool isStale = timestampMs < nowMs - windowMs || timestampMs < _signatures.FloorMs;
        return isStale ? ClockProblem(ErrorCatalogue.StaleTimestamp, timestampMs, nowMs) : null;
    }

    /// <summary>A signature of what changes something is accepted once, wherever it was sent before.</summary>
    public async ValueTask<Problem?> TakeOnce(Caller caller, SignatureUse use) => await _signatures.Take(caller.Account, use.Signature, use.TimestampMs) switch
    {
        SignatureOutcome.Fresh => null,
        SignatureOutcome.Seen => new Problem(ErrorCatalogue.SignatureReused),
        SignatureOutcome.Forgotten => ClockProblem(ErrorCatalogue.StaleTimestamp, use.TimestampMs, NowMs()),
        SignatureOutcome.Full => new Problem(ErrorCatalogue.Overloaded),
        _ => new Problem(ErrorCatalogue.SignatureUnchecked),
    };

    private static Problem ClockProblem(ErrorEntry entry, long timestampMs, long nowMs) => new(entry)
    {
        Field = TimestampHeader,
        ServerTimeMs = nowMs,
        DifferenceMs = nowMs - timestampMs,
    };

    private static Problem? Single(IHeaderDictionary headers, string name, out string value)
    {
        StringValues values = headers[name];
        value = values.Count == 1 ? values.ToString() : "";
        return values.Count switch
        {
            1 => null,
            0 => Problems.Field(ErrorCatalogue.CredentialsMissing, name, $"A signed request needs {name}."),
            _ => Problems.Field(ErrorCatalogue.BadHeader, name, $"{name} is given twice."),
        };
    }
}

/// <summary>The parts of a signature as the client sent them, in headers or in a stream's log-on.</summary>
/// <param name="Window">Null: the default.</param>
internal readonly record struct SignedHeaders(string KeyId, string Timestamp, string Signature, string? Window);

/// <summary>A valid signature, as it is remembered.</summary>
/// <param name="Signature">Its first half.</param>
/// <param name="TimestampMs">Unix milliseconds.</param>
internal readonly record struct SignatureUse(UInt128 Signature, long TimestampMs);
