using Exchange.Core;
using Exchange.Core.Port;
using Exchange.Edge.Authentication;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;
using Exchange.Edge.Native.Accounts;
using Exchange.Edge.Native.Orders;
using Microsoft.AspNetCore.Http;

namespace Exchange.Edge.Native.Admin;

/// <summary>Accounts, their keys, and money in and out.</summary>
internal sealed class AccountAdminEndpoints(Venue venue, IKeyStore keys)
{
    private const string AccountMeaning = "A number from 1; the venue tells how far they go by UNKNOWN_ACCOUNT.";

    private static readonly BodyShape AccountBody = new("CreateAccount",
        new BodyField("accountId", FieldKind.Text, AccountMeaning, IsRequired: true));

    private static readonly BodyShape MoneyBody = new("Transfer",
        new BodyField("accountId", FieldKind.Text, "Whose wallet.", IsRequired: true),
        new BodyField("transferId", FieldKind.Text, $"Your id, {ClientIds.Grammar} A repeat changes nothing.", IsRequired: true),
        new BodyField("amount", FieldKind.Decimal, "In USDT.", IsRequired: true));

    private static readonly BodyShape KeyBody = new("CreateKey",
        new BodyField("permissions", FieldKind.List, "At least one.", IsRequired: true, PermissionNames.Bits.All));

    private static readonly AnswerShape KeyShape = new("CreatedKey",
        new AnswerField("keyId", AnswerKind.Text, "Send it as X-Key."),
        new AnswerField("secret", AnswerKind.Text, "Sign with its ASCII bytes; it is shown only here."),
        new AnswerField("accountId", AnswerKind.Text, "Whose."),
        new AnswerField("permissions", AnswerKind.List, "What it may do."));

    private static readonly Operation CreateOperation = AdminOperation.Create("POST", "/api/v1/admin/accounts", "CreateAccount",
        "Creates an account, empty, in one-way mode.", AccountBody, StatusCodes.Status201Created,
        [ErrorCatalogue.UnknownAccount, ErrorCatalogue.Of(RejectReason.AccountExists)]);

    private static readonly Operation DepositOperation = AdminOperation.Create("POST", "/api/v1/admin/deposits", "Deposit",
        "Puts money into an account.", MoneyBody, StatusCodes.Status200OK,
        [ErrorCatalogue.UnknownAccount, ErrorCatalogue.AmountRange, ErrorCatalogue.Of(RejectReason.TransferIdReused)]);

    private static readonly Operation WithdrawOperation = AdminOperation.Create("POST", "/api/v1/admin/withdrawals", "Withdraw",
        "Takes money out of an account.", MoneyBody, StatusCodes.Status200OK,
        [
            ErrorCatalogue.UnknownAccount, ErrorCatalogue.AmountRange, ErrorCatalogue.Of(RejectReason.InsufficientBalance),
            ErrorCatalogue.Of(RejectReason.TransferIdReused),
        ]);

    private static readonly Operation KeyOperation = AdminOperation.Create("POST", "/api/v1/admin/accounts/{accountId}/keys", "CreateAccountKey",
        "Makes a key for an account; its secret is shown only in this answer.", KeyBody, StatusCodes.Status201Created,
        [ErrorCatalogue.UnknownAccount], KeyShape);

    public void Map(EdgeRoutes routes)
    {
        routes.Map(CreateOperation, Create);
        routes.Map(DepositOperation, request => Move(request, CommandKind.Deposit));
        routes.Map(WithdrawOperation, request => Move(request, CommandKind.Withdraw));
        routes.Map(KeyOperation, CreateKey);
    }

    private async ValueTask<Problem?> Create(EdgeRequest request)
    {
        var command = new Command { Kind = CommandKind.CreateAccount };
        if (ReadAccount(request.Body.Span, out command.Account) is { } problem)
            return problem;
        CommandReply reply = await venue.Submit(command);
        if (Venue.Refusal(reply, null) is { } refusal)
            return refusal;
        request.SendTime(reply.TimeMs, StatusCodes.Status201Created);
        return null;
    }

    private async ValueTask<Problem?> Move(EdgeRequest request, CommandKind kind)
    {
        var command = new Command { Kind = kind };
        if (ReadMoney(request.Body.Span, ref command) is { } problem)
            return problem;
        CommandReply reply = await venue.Submit(command);
        if (Venue.Refusal(reply, null) is { } refusal)
            return refusal;
        request.SendTime(reply.TimeMs);
        return null;
    }

    private async ValueTask<Problem?> CreateKey(EdgeRequest request)
    {
        if (ParseAccount(request.Path("accountId"), out uint account) is { } badAccount)
            return badAccount;
        if (ReadPermissions(request.Body.Span, out Permissions permissions) is { } problem)
            return problem;
        AccountView? view = await venue.Bounded(venue.Exchange.GetAccount(account, CancellationToken.None));
        if (view is null)
            return new Problem(ErrorCatalogue.UnknownAccount);

        ApiKey key = keys.Create(account, permissions);
        Answer answer = request.Begin();
        answer.Json.WriteStartObject();
        answer.Json.WriteString("keyId"u8, key.KeyId);
        answer.Json.WriteString("secret"u8, key.RevealSecret());
        answer.Json.WriteId("accountId"u8, account);
        answer.Json.WriteStartArray("permissions"u8);
        foreach (string name in PermissionNames.Of(permissions))
            answer.Json.WriteStringValue(name);
        answer.Json.WriteEndArray();
        answer.Json.WriteEndObject();
        request.Http.Response.Headers.CacheControl = "no-store";
        request.Send(answer, StatusCodes.Status201Created);
        return null;
    }

    private static Problem? ReadAccount(ReadOnlySpan<byte> json, out uint account)
    {
        account = 0;
        Span<FieldToken> tokens = stackalloc FieldToken[BodyShape.MostFields];
        return JsonFields.Read(json, AccountBody, tokens, out JsonFields fields) ?? ReadAccountField(fields, out account);
    }

    private static Problem? ReadMoney(ReadOnlySpan<byte> json, ref Command command)
    {
        Span<FieldToken> tokens = stackalloc FieldToken[BodyShape.MostFields];
        return JsonFields.Read(json, MoneyBody, tokens, out JsonFields fields)
            ?? ReadAccountField(fields, out command.Account)
            ?? TransferBody.ReadId(fields, 1, out command.Key)
            ?? TransferBody.ReadAmount(fields, 2, out command.Amount);
    }

    private static Problem? ReadPermissions(ReadOnlySpan<byte> json, out Permissions permissions)
    {
        permissions = Permissions.None;
        Span<FieldToken> tokens = stackalloc FieldToken[BodyShape.MostFields];
        if (JsonFields.Read(json, KeyBody, tokens, out JsonFields fields) is { } malformed)
            return malformed;
        Problem? problem = fields.NameSet(0, PermissionNames.Bits, out int bits);
        permissions = (Permissions)bits;
        return problem;
    }

    private static Problem? ReadAccountField(in JsonFields fields, out uint account)
    {
        account = 0;
        Span<byte> scratch = stackalloc byte[JsonFields.MaxText];
        return fields.Text(0, scratch, out ReadOnlySpan<byte> text) ?? ParseAccount(System.Text.Encoding.Latin1.GetString(text), out account);
    }

    private static Problem? ParseAccount(string text, out uint account)
    {
        account = 0;
        if (!PlainInteger.TryParse(text.AsSpan(), out long number))
            return Problems.Field(ErrorCatalogue.BadId, "accountId");
        if (number is < 1 or > uint.MaxValue)
            return Problems.Field(ErrorCatalogue.UnknownAccount, "accountId");
        account = (uint)number;
        return null;
    }
}
