using Exchange.Edge.Authentication;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;
using Microsoft.AspNetCore.Http;

namespace Exchange.Edge.Native.Tokens;

/// <summary>Bearer tokens of limited life, for clients that cannot sign each request.</summary>
internal sealed class TokenEndpoints(ITokenStore tokens, EdgeOptions options, TimeProvider time)
{
    private const long LongestLifeMs = 86_400_000;

    private static readonly BodyShape Body = new("CreateToken",
        new BodyField("lifetimeMs", FieldKind.Integer, "At most a day, and no longer than the key; an hour when absent."),
        new BodyField("permissions", FieldKind.List, "Those of the key, or fewer; all of the key's when absent.", Values: PermissionNames.Bits.All));

    private static readonly Operation CreateOperation = new("POST", "/api/v1/auth/tokens", "CreateToken",
        "Makes a bearer token for the key that signs this request. It ends with its time or the server's restart.")
    {
        NeedsSignature = true, IsAudited = true, WorksWithoutVenue = true, Body = Body, Success = StatusCodes.Status201Created,
        Answer = new AnswerShape("Token",
            new AnswerField("token", AnswerKind.Text, "Send it as Authorization: Bearer; it is shown only here."),
            new AnswerField("expiresMs", AnswerKind.Integer, "When it ends."),
            new AnswerField("permissions", AnswerKind.List, "What it may do.")),
        Errors = [ErrorCatalogue.TooManyTokens, ErrorCatalogue.PermissionMissing],
    };

    public void Map(EdgeRoutes routes) => routes.Map(CreateOperation, Create);

    private async ValueTask<Problem?> Create(EdgeRequest request)
    {
        if (Read(request.Body.Span, request.Caller, out long lifeMs, out Permissions permissions) is { } problem)
            return problem;
        if (!request.Caller.May(permissions))
            return new Problem(ErrorCatalogue.PermissionMissing) { Field = "permissions" };

        long expiresMs = time.GetUtcNow().ToUnixTimeMilliseconds() + lifeMs;
        if (request.Caller.ExpiresMs != 0)
            expiresMs = Math.Min(expiresMs, request.Caller.ExpiresMs);
        if (await tokens.Issue(request.Caller.KeyId!, request.Account, permissions, expiresMs) is not { } token)
            return new Problem(ErrorCatalogue.TooManyTokens) { Limit = $"{ITokenStore.MostPerKey}" };

        Answer answer = request.Begin();
        answer.Json.WriteStartObject();
        answer.Json.WriteString("token"u8, token);
        answer.Json.WriteNumber("expiresMs"u8, expiresMs);
        answer.Json.WriteTexts("permissions"u8, PermissionNames.Of(permissions));
        answer.Json.WriteEndObject();
        request.Http.Response.Headers.CacheControl = "no-store";
        request.Send(answer, StatusCodes.Status201Created);
        return null;
    }

    private Problem? Read(ReadOnlySpan<byte> json, in Caller caller, out long lifeMs, out Permissions permissions)
    {
        lifeMs = options.TokenLifeMs;
        permissions = caller.Permissions;
        if (json.IsEmpty)
            return null;
        Span<FieldToken> found = stackalloc FieldToken[BodyShape.MostFields];
        if (JsonFields.Read(json, Body, found, out JsonFields fields) is { } malformed)
            return malformed;
        if (fields.Has(0))
        {
            if (fields.Integer(0, LongestLifeMs, out lifeMs) is { } badLife)
                return badLife;
            if (lifeMs == 0)
                return Problems.BadInteger("lifetimeMs", LongestLifeMs);
        }

        if (!fields.Has(1))
            return null;
        Problem? problem = fields.NameSet(1, PermissionNames.Bits, out int bits);
        permissions = (Permissions)bits;
        return problem;
    }
}
