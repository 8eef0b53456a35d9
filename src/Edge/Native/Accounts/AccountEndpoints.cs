using System.Collections.Immutable;
using Exchange.Core.Instruments;
using Exchange.Core.Port;
using Exchange.Edge.Authentication;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;

namespace Exchange.Edge.Native.Accounts;

/// <summary>Own balances and positions.</summary>
internal sealed class AccountEndpoints(Venue venue, InstrumentTable instruments)
{
    private static readonly ImmutableArray<QueryField> OptionalSymbol = [new("symbol", "Only this symbol; all when absent.")];

    private static readonly Operation AccountOperation = new("GET", "/api/v1/account", "GetAccount",
        "Balances, margin, positions and settings, as of a durable moment.")
    {
        Needs = Permissions.Read, NeedsAccount = true, Answer = AccountJson.AccountShape, Errors = [ErrorCatalogue.UnknownAccount],
    };

    private static readonly Operation PositionsOperation = new("GET", "/api/v1/positions", "ListPositions",
        "Open positions with liquidation price and rank in auto-deleveraging.")
    {
        Needs = Permissions.Read, NeedsAccount = true, Query = OptionalSymbol,
        Answer = new AnswerShape("Positions", new AnswerField("positions", AnswerKind.List, "Open ones.", Shape: AccountJson.PositionShape)),
        Errors = [ErrorCatalogue.UnknownAccount, ErrorCatalogue.UnknownSymbol],
    };

    public void Map(EdgeRoutes routes)
    {
        routes.Map(AccountOperation, GetAccount);
        routes.Map(PositionsOperation, ListPositions);
    }

    private async ValueTask<Problem?> GetAccount(EdgeRequest request)
    {
        AccountView? account = await venue.Bounded(venue.Exchange.GetAccount(request.Account, CancellationToken.None));
        if (account is null)
            return new Problem(ErrorCatalogue.UnknownAccount);
        Answer answer = request.Begin();
        AccountJson.WriteAccount(answer.Json, account, instruments);
        request.Send(answer);
        return null;
    }

    private async ValueTask<Problem?> ListPositions(EdgeRequest request)
    {
        int symbolId = -1;
        if (request.Query[0] is { } symbol)
        {
            if (instruments.Find(symbol, "symbol", out Instrument instrument) is { } problem)
                return problem;
            symbolId = instrument.SymbolId;
        }

        AccountView? account = await venue.Bounded(venue.Exchange.GetAccount(request.Account, CancellationToken.None));
        if (account is null)
            return new Problem(ErrorCatalogue.UnknownAccount);
        Answer answer = request.Begin();
        answer.Json.WriteStartObject();
        AccountJson.WritePositions(answer.Json, account, instruments, symbolId);
        answer.Json.WriteEndObject();
        request.Send(answer);
        return null;
    }
}
