using Exchange.Core;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;
using Exchange.Edge.Native.Accounts;
using Exchange.Edge.Native.Orders;
using Microsoft.AspNetCore.Http;

namespace Exchange.Edge.Native.Admin;

/// <summary>Accounts, and money in and out.</summary>
internal sealed class AccountAdminEndpoints(Venue venue)
{
    private const string AccountMeaning = "A number from 1; the venue tells how far they go by UNKNOWN_ACCOUNT.";

    private static readonly BodyShape AccountBody = new("CreateAccount",
        new BodyField("accountId", FieldKind.Text, AccountMeaning, IsRequired: true));

    private static readonly BodyShape MoneyBody = new("Transfer",
        new BodyField("accountId", FieldKind.Text, "Whose wallet.", IsRequired: true),
        new BodyField("transferId", FieldKind.Text, $"Your id, {ClientIds.Grammar} A repeat changes nothing.", IsRequired: true),
        new BodyField("amount", FieldKind.Decimal, "In USDT.", IsRequired: true));

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

    private static readonly BodyShape StateBody = new("SetAccountState",
        new BodyField("state", FieldKind.Text,
            "trading; reduce_only: cancels and reducing orders; frozen: its open orders are canceled, it may cancel, nothing leaves its wallet.",
            IsRequired: true, AccountJson.States.All));

    private static readonly Operation StateOperation = AdminOperation.Create("PUT", "/api/v1/admin/accounts/{accountId}/state", "SetAccountState",
        "Freezes an account, lets it only reduce, or releases it. Its positions stay, and are liquidated as any.", StateBody,
        StatusCodes.Status200OK, [ErrorCatalogue.BadId, ErrorCatalogue.UnknownAccount]);

    public void Map(EdgeRoutes routes)
    {
        routes.Map(StateOperation, SetState);
        routes.Map(CreateOperation, Create);
        routes.Map(DepositOperation, request => Move(request, CommandKind.Deposit));
        routes.Map(WithdrawOperation, request => Move(request, CommandKind.Withdraw));
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

    private async ValueTask<Problem?> SetState(EdgeRequest request)
    {
        var command = new Command { Kind = CommandKind.SetAccountState };
        if ((ParseAccount(request.Path("accountId"), out command.Account) ?? ReadState(request.Body.Span, out command.State)) is { } problem)
            return problem;
        return await Submit(request, command);
    }

    private async ValueTask<Problem?> Move(EdgeRequest request, CommandKind kind)
    {
        var command = new Command { Kind = kind };
        return ReadMoney(request.Body.Span, ref command) is { } problem ? problem : await Submit(request, command);
    }

    private async ValueTask<Problem?> Submit(EdgeRequest request, Command command)
    {
        CommandReply reply = await venue.Submit(command);
        if (Venue.Refusal(reply, null) is { } refusal)
            return refusal;
        request.SendTime(reply.TimeMs);
        return null;
    }

    private static Problem? ReadState(ReadOnlySpan<byte> json, out TradingState state)
    {
        Span<FieldToken> tokens = stackalloc FieldToken[BodyShape.MostFields];
        int at = 0;
        Problem? problem = JsonFields.Read(json, StateBody, tokens, out JsonFields fields) ?? fields.Name(0, AccountJson.States, 0, out at);
        state = (TradingState)at;
        return problem;
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

    private static Problem? ReadAccountField(in JsonFields fields, out uint account)
    {
        account = 0;
        Span<byte> scratch = stackalloc byte[JsonFields.MaxText];
        return fields.Text(0, scratch, out ReadOnlySpan<byte> text) ?? ParseAccount(System.Text.Encoding.Latin1.GetString(text), out account);
    }

    /// <summary>An account id as text of a request.</summary>
    public static Problem? ParseAccount(string text, out uint account)
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
