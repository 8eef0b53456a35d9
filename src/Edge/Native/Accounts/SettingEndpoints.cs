using System.Collections.Immutable;
using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Port;
using Exchange.Edge.Authentication;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;

namespace Exchange.Edge.Native.Accounts;

/// <summary>Leverage, margin mode, position mode, and margin of isolated positions.</summary>
internal sealed class SettingEndpoints(Venue venue, InstrumentTable instruments)
{
    private static readonly AnswerShape DoneShape = new("SettingDone",
        new AnswerField("timeMs", AnswerKind.Integer, "The venue's time when it was done."));

    private static readonly ImmutableArray<ErrorEntry> LeverageErrors =
    [
        ErrorCatalogue.UnknownSymbol, ErrorCatalogue.LeverageRange, ErrorCatalogue.Of(RejectReason.PositionLimit),
        ErrorCatalogue.Of(RejectReason.InsufficientMargin), ErrorCatalogue.Of(RejectReason.IsolatedLeverageReduction),
    ];

    private static readonly ImmutableArray<ErrorEntry> ModeErrors =
    [
        ErrorCatalogue.UnknownSymbol, ErrorCatalogue.Of(RejectReason.NoChange), ErrorCatalogue.Of(RejectReason.OpenOrders),
        ErrorCatalogue.Of(RejectReason.OpenPosition),
    ];

    private static readonly ImmutableArray<ErrorEntry> MarginErrors =
    [
        ErrorCatalogue.UnknownSymbol, ErrorCatalogue.AmountRange, ErrorCatalogue.Of(RejectReason.NoIsolatedPosition),
        ErrorCatalogue.Of(RejectReason.InsufficientBalance), ErrorCatalogue.Of(RejectReason.InsufficientMargin),
        ErrorCatalogue.Of(RejectReason.TransferIdReused),
    ];

    private delegate Problem? BodyReader(ReadOnlySpan<byte> json, ref Command command);

    public void Map(EdgeRoutes routes)
    {
        Map(routes, "/api/v1/positions/{symbol}/leverage", "SetLeverage", "Sets the leverage of a symbol.",
            SettingBodies.Leverage, LeverageErrors, SettingBodies.ReadLeverage);
        Map(routes, "/api/v1/positions/{symbol}/margin-mode", "SetMarginMode", "Sets a symbol to cross or isolated margin; without orders and position there.",
            SettingBodies.MarginMode, ModeErrors, SettingBodies.ReadMarginMode);
        Map(routes, "/api/v1/positions/{symbol}/margin", "AdjustMargin", "Moves margin to or from an isolated position.",
            SettingBodies.Margin, MarginErrors, SettingBodies.ReadMargin);
        Map(routes, "/api/v1/account/position-mode", "SetPositionMode", "Sets the account to one net position a symbol, or to long and short ones.",
            SettingBodies.PositionMode, ModeErrors, SettingBodies.ReadPositionMode);
    }

    private void Map(
        EdgeRoutes routes, string path, string name, string summary, BodyShape body, ImmutableArray<ErrorEntry> errors, BodyReader read) =>
        routes.Map(
            new Operation("PUT", path, name, summary)
            {
                Needs = Permissions.Trade, NeedsAccount = true, Body = body, Answer = DoneShape, Errors = errors,
            },
            request => Set(request, read));

    private async ValueTask<Problem?> Set(EdgeRequest request, BodyReader read)
    {
        var command = new Command { Account = request.Account };
        Instrument? instrument = null;
        if (request.Path("symbol") is { Length: > 0 } symbol)
        {
            if (instruments.Find(symbol, "symbol", out instrument) is { } unknown)
                return unknown;
            command.Symbol = instrument.SymbolId;
        }

        if (read(request.Body.Span, ref command) is { } problem)
            return problem;
        CommandReply reply = await venue.Submit(command);
        if (Venue.Refusal(reply, instrument) is { } refusal)
            return refusal;
        request.SendTime(reply.TimeMs);
        return null;
    }
}
