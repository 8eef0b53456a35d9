using Exchange.Core.Port;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Exchange.Edge.Native.Keys;
using Microsoft.AspNetCore.Http;

namespace Exchange.Edge.Native.Admin;

/// <summary>Keys of all accounts. Those of administration alone are made, listed and revoked at /api/v1/keys.</summary>
internal sealed class KeyAdminEndpoints(Venue venue, KeyKeeper keeper)
{
    private const string AccountPath = "/api/v1/admin/accounts/{accountId}/keys";

    private static readonly Operation CreateOperation = AdminOperation.Create("POST", AccountPath, "CreateAccountKey",
        "Makes a key for an account; its secret is shown only in this answer.", KeyBody.Shape, StatusCodes.Status201Created,
        [
            ErrorCatalogue.UnknownAccount, ErrorCatalogue.BadAddress, ErrorCatalogue.ExpiryInPast, ErrorCatalogue.KeyTermsExceeded,
            ErrorCatalogue.TooManyKeys,
        ],
        KeyJson.CreatedShape);

    private static readonly Operation ListOperation = AdminOperation.Create("GET", AccountPath, "GetAccountKeys",
        "The keys of an account, without their secrets.", null, StatusCodes.Status200OK, [ErrorCatalogue.UnknownAccount], KeyJson.ListShape);

    private static readonly Operation RevokeOperation = AdminOperation.Create("DELETE", "/api/v1/admin/keys/{keyId}", "RevokeAnyKey",
        "Revokes a key of any account: its tokens end at once, its streams within a second.", null, StatusCodes.Status200OK,
        [ErrorCatalogue.UnknownKey, ErrorCatalogue.LastAdminKey], KeyJson.RevokedShape) with { WorksWithoutVenue = true };

    public void Map(EdgeRoutes routes)
    {
        routes.Map(CreateOperation, request => ForAccount(request, account => keeper.Make(request, account, isBounded: false)));
        routes.Map(ListOperation, request => ForAccount(request, account =>
        {
            keeper.SendList(request, account);
            return default;
        }));
        routes.Map(RevokeOperation, request => keeper.Revoke(request, request.Path("keyId")));
    }

    private async ValueTask<Problem?> ForAccount(EdgeRequest request, Func<uint, ValueTask<Problem?>> act)
    {
        if (AccountAdminEndpoints.ParseAccount(request.Path("accountId"), out uint account) is { } badAccount)
            return badAccount;
        AccountView? view = await venue.Bounded(venue.Exchange.GetAccount(account, CancellationToken.None));
        return view is null ? new Problem(ErrorCatalogue.UnknownAccount) : await act(account);
    }
}
