using System.Collections.Immutable;
using System.Text.Json;
using Exchange.Core.Instruments;
using Exchange.Core.Port;
using Exchange.Edge.Authentication;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;
using Exchange.Edge.Native.Orders;

namespace Exchange.Edge.Native.Accounts;

/// <summary>Every movement of an account's money, with its cause and the balance after.</summary>
internal sealed class LedgerEndpoints(Venue venue, InstrumentTable instruments)
{
    private const int SymbolField = 0;
    private const int LimitField = 1;
    private const int CursorField = 2;

    private static readonly WireNames Purses = new("wallet", "isolated_margin");

    private static readonly ImmutableArray<QueryField> Query =
    [
        new("symbol", "Only what this symbol moved; everything when absent."),
        new("limit", $"Rows of a page, at most {WireLimits.PageRows}.", IsInteger: true),
        new("cursor", "nextCursor of the page before."),
    ];

    private static readonly AnswerShape MovementShape = new("Movement",
        new AnswerField("movementId", AnswerKind.Text, "Counts 1, 2, 3 … per account."),
        new AnswerField("timeMs", AnswerKind.Integer, "When."),
        new AnswerField("cause", AnswerKind.Text, "Why.", Values: AccountJson.BalanceCauses.All),
        new AnswerField("purse", AnswerKind.Text, "What it went into or came out of: the wallet, or the margin of an isolated position.", Values: Purses.All),
        new AnswerField("symbol", AnswerKind.Text, "Whose trade, funding or margin.", IsOptional: true),
        new AnswerField("positionSide", AnswerKind.Text, "Of isolated margin: whose.", IsOptional: true, Values: OrderNames.PositionSides.All),
        new AnswerField("tradeId", AnswerKind.Text, "The trade that caused it; its fee and realised profit are in the fills.", IsOptional: true),
        new AnswerField("amount", AnswerKind.Decimal, "In USDT; negative: out of the purse."),
        new AnswerField("balance", AnswerKind.Decimal, "What was in the purse then."));

    private static readonly AnswerShape LedgerShape = Paging.Shape("Movements", "movements", MovementShape).With("Ledger",
        new AnswerField("beginsMs", AnswerKind.Integer, "Everything after this time is kept; absent: everything there ever was.", IsOptional: true));

    private static readonly Operation LedgerOperation = new("GET", "/api/v1/ledger", "ListLedger",
        "Every movement of the account's money, newest first: the amounts of a purse add up to its balance.")
    {
        Needs = Permissions.Read, NeedsAccount = true, Query = Query, Answer = LedgerShape,
        Errors = [ErrorCatalogue.UnknownSymbol, ErrorCatalogue.BadCursor, ErrorCatalogue.HistoryUnavailable],
    };

    public void Map(EdgeRoutes routes) => routes.Map(LedgerOperation, ListLedger);

    private async ValueTask<Problem?> ListLedger(EdgeRequest request)
    {
        int symbolId = -1;
        if (request.Query[SymbolField] is { } symbol)
        {
            if (instruments.Find(symbol, "symbol", out Instrument instrument) is { } unknown)
                return unknown;
            symbolId = instrument.SymbolId;
        }

        if (Paging.Read(request.Query, LimitField, CursorField, out int limit, out ulong before) is { } problem)
            return problem;

        LedgerView ledger = await venue.Bounded(
            venue.Exchange.GetLedger(request.Account, symbolId, before, limit, CancellationToken.None));
        Answer answer = request.Begin();
        answer.Json.WriteStartObject();
        answer.Json.WriteStartArray("movements"u8);
        foreach (MovementView movement in ledger.Items)
            Write(answer.Json, in movement);
        answer.Json.WriteEndArray();
        Paging.WriteNext(answer.Json, ledger.Next);
        if (ledger.BeginsMs > 0)
            answer.Json.WriteNumber("beginsMs"u8, ledger.BeginsMs);
        answer.Json.WriteEndObject();
        request.Send(answer);
        return null;
    }

    private void Write(Utf8JsonWriter json, in MovementView movement)
    {
        json.WriteStartObject();
        json.WriteId("movementId"u8, movement.Number);
        json.WriteNumber("timeMs"u8, movement.TimeMs);
        json.WriteString("cause"u8, AccountJson.BalanceCauses.Of((int)movement.Cause));
        json.WriteString("purse"u8, Purses.Of(movement.IsIsolated ? 1 : 0));
        if (movement.Symbol >= 0)
            json.WriteString("symbol"u8, instruments[movement.Symbol].Symbol);
        if (movement.IsIsolated)
            json.WriteString("positionSide"u8, OrderNames.PositionSides.Of((int)movement.PositionSide));
        if (movement.TradeId != 0)
            json.WriteId("tradeId"u8, movement.TradeId);
        json.WriteE8("amount"u8, movement.AmountE8);
        json.WriteE8("balance"u8, movement.BalanceE8);
        json.WriteEndObject();
    }
}
