using Exchange.Edge.Authentication;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Microsoft.AspNetCore.Http;

namespace Exchange.Edge.Native.Keys;

/// <summary>A client's own keys: those of its account.</summary>
/// <remarks>What changes them must be signed: a token that got into wrong hands must not outlive itself as a key.</remarks>
internal sealed class KeyEndpoints(KeyKeeper keeper)
{
    private const string Path = "/api/v1/keys";

    private static readonly Operation ListOperation = new("GET", Path, "GetKeys", "The keys of the account, without their secrets.")
    {
        Needs = Permissions.Read, WorksWithoutVenue = true, Answer = KeyJson.ListShape,
    };

    private static readonly Operation CreateOperation = new("POST", Path, "CreateKey",
        "Makes a further key for the account, with rights, addresses and expiry within those of the key that signs; its secret is shown only in this answer.")
    {
        Needs = Permissions.Read, NeedsSignature = true, IsAudited = true, WorksWithoutVenue = true, Body = KeyBody.Shape, Success = StatusCodes.Status201Created,
        Answer = KeyJson.CreatedShape,
        Errors =
        [
            ErrorCatalogue.BadAddress, ErrorCatalogue.ExpiryInPast, ErrorCatalogue.PermissionMissing, ErrorCatalogue.KeyTermsExceeded,
            ErrorCatalogue.TooManyKeys,
        ],
    };

    private static readonly Operation RevokeOperation = new("DELETE", Path + "/{keyId}", "RevokeKey",
        "Revokes a key of the account, that which signs or one with no further rights: its tokens end at once, its streams within a second.")
    {
        Needs = Permissions.Read, NeedsSignature = true, IsAudited = true, WorksWithoutVenue = true, Answer = KeyJson.RevokedShape,
        Errors = [ErrorCatalogue.UnknownKey, ErrorCatalogue.PermissionMissing, ErrorCatalogue.LastAdminKey],
    };

    public void Map(EdgeRoutes routes)
    {
        routes.Map(ListOperation, List);
        routes.Map(CreateOperation, request => keeper.Make(request, request.Account, isBounded: true));
        routes.Map(RevokeOperation, Revoke);
    }

    private ValueTask<Problem?> List(EdgeRequest request)
    {
        keeper.SendList(request, request.Account);
        return default;
    }

    private async ValueTask<Problem?> Revoke(EdgeRequest request)
    {
        string keyId = request.Path("keyId");
        if (keeper.Find(keyId) is not { } key || key.Account != request.Account)
            return KeyKeeper.Unknown();
        return request.Caller.May(key.Permissions)
            ? await keeper.Revoke(request, keyId)
            : new Problem(ErrorCatalogue.PermissionMissing) { Limit = string.Join(", ", PermissionNames.Of(key.Permissions)) };
    }
}
