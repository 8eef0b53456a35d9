using Exchange.Edge.Authentication;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;
using Microsoft.AspNetCore.Http;

namespace Exchange.Edge.Native.Keys;

/// <summary>Makes, lists and revokes keys, for their owners and for administrators alike.</summary>
internal sealed class KeyKeeper(IKeyStore keys, ITokenStore tokens, TimeProvider time)
{
    /// <summary>Makes a key for an account and answers with it and its secret.</summary>
    /// <param name="request">Its body says what is wanted.</param>
    /// <param name="account">Whose.</param>
    /// <param name="isBounded">The new key may do no more than the caller's own: what is not said is taken over from that.</param>
    public async ValueTask<Problem?> Make(EdgeRequest request, uint account, bool isBounded)
    {
        if (KeyBody.Read(request.Body.Span, NowMs(), out KeyBody wanted) is { } malformed)
            return malformed;
        KeyTerms own = request.Caller.Key!.Terms;
        if (isBounded || (wanted.Permissions & Permissions.Admin) != 0)
        {
            if (CheckBounds(wanted, request.Caller, own) is { } exceeded)
                return exceeded;
            wanted = wanted with { Addresses = wanted.Addresses ?? own.Addresses, ExpiresMs = wanted.ExpiresMs ?? own.ExpiresMs };
        }

        var terms = new KeyTerms(account, wanted.Permissions)
        {
            Addresses = wanted.Addresses ?? AddressList.Anywhere, ExpiresMs = wanted.ExpiresMs ?? 0, MadeBy = request.Caller.KeyId,
        };
        if (await keys.Create(terms) is not { } key)
            return new Problem(ErrorCatalogue.TooManyKeys) { Limit = $"{IKeyStore.MostPerAccount}" };
        request.Subject = key.KeyId;

        Answer answer = request.Begin();
        KeyJson.Write(answer.Json, key, withSecret: true);
        request.Http.Response.Headers.CacheControl = "no-store";
        request.Send(answer, StatusCodes.Status201Created);
        return null;
    }

    /// <summary>Answers with the keys of an account, without secrets.</summary>
    public void SendList(EdgeRequest request, uint account)
    {
        Answer answer = request.Begin();
        answer.Json.WriteStartObject();
        answer.Json.WriteStartArray("keys"u8);
        foreach (ApiKey key in keys.KeysOf(account))
            KeyJson.Write(answer.Json, key, withSecret: false);
        answer.Json.WriteEndArray();
        answer.Json.WriteEndObject();
        request.Send(answer);
    }

    public ApiKey? Find(string keyId) => keys.Find(keyId);

    /// <summary>Revokes a key: its tokens end at once, its streams within a second.</summary>
    public async ValueTask<Problem?> Revoke(EdgeRequest request, string keyId)
    {
        switch (await keys.Revoke(keyId))
        {
            case RevokeOutcome.Unknown:
                return Unknown();
            case RevokeOutcome.LastAdministrator:
                return new Problem(ErrorCatalogue.LastAdminKey);
            default:
                await tokens.EndAllOf(keyId);
                request.Subject = keyId;
                request.SendTime(NowMs());
                return null;
        }
    }

    public static Problem Unknown() => Problems.Field(ErrorCatalogue.UnknownKey, "keyId");

    private static Problem? CheckBounds(KeyBody wanted, in Caller caller, KeyTerms own)
    {
        if (!caller.May(wanted.Permissions))
            return Problems.Field(ErrorCatalogue.PermissionMissing, "permissions", limit: string.Join(", ", PermissionNames.Of(caller.Permissions)));
        if (wanted.Addresses is { } addresses && !addresses.IsWithin(own.Addresses))
            return Problems.Field(ErrorCatalogue.KeyTermsExceeded, "addresses", limit: string.Join(", ", own.Addresses.Texts));
        return wanted.ExpiresMs > own.ExpiresMs && own.ExpiresMs != 0
            ? Problems.Field(ErrorCatalogue.KeyTermsExceeded, "expiresMs", limit: $"{own.ExpiresMs}")
            : null;
    }

    private long NowMs() => time.GetUtcNow().ToUnixTimeMilliseconds();
}
