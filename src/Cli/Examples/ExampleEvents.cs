using System.Text.Json;
using Exchange.Core;
using Exchange.Core.Books;

namespace Exchange.Cli.Examples;

/// <summary>What an engine did, in the words of the examples: one line an event, fields in order of their names.</summary>
public static class ExampleEvents
{
    /// <summary>An expected event as a line.</summary>
    public static string Expected(JsonElement e) =>
        Line(e.EnumerateObject().Select(field => (field.Name, field.Value.ValueKind == JsonValueKind.String
            ? field.Value.GetString()!
            : field.Value.GetRawText())));

    /// <summary>The events of the engine's last input as lines.</summary>
    public static List<string> Actual(ExampleEngine example)
    {
        var lines = new List<string>();
        EngineOutput output = example.Output;
        if (output.Reason != RejectReason.None)
            lines.Add(Line([("e", "rejected"), ("error", Upper(output.Reason.ToString()))]));
        ReadOnlySpan<EngineEvent> events = output.Events;
        for (int i = 0; i < events.Length; i++)
        {
            string? line = events[i].Kind switch
            {
                EngineEventKind.Book => Book(example, events, i),
                EngineEventKind.BadDebt => Insurance(example, in events[i], -events[i].Book.Amount, "BAD_DEBT"),
                EngineEventKind.FundingRemainder => Insurance(example, in events[i], events[i].Book.Amount, "FUNDING_REMAINDER"),
                _ => null,
            };
            if (line is not null)
                lines.Add(line);
        }

        return lines;
    }

    public static string Money(Int128 valueE8) => Decimal(valueE8, 1);

    /// <summary>A number of units of <paramref name="unitE8"/> as a plain decimal without trailing zeros.</summary>
    public static string Decimal(Int128 value, long unitE8)
    {
        Int128 valueE8 = value * unitE8;
        Int128 size = Int128.Abs(valueE8);
        string part = (size % 100_000_000).ToString("D8", System.Globalization.CultureInfo.InvariantCulture).TrimEnd('0');
        string text = (size / 100_000_000).ToString(System.Globalization.CultureInfo.InvariantCulture) + (part.Length > 0 ? "." + part : "");
        return valueE8 < 0 ? "-" + text : text;
    }

    /// <summary>PartiallyFilled becomes PARTIALLY_FILLED.</summary>
    public static string Upper(string name) => string.Concat(name.Select((c, i) =>
        i > 0 && char.IsUpper(c) ? "_" + c : char.ToUpperInvariant(c).ToString()));

    private static string? Book(ExampleEngine example, ReadOnlySpan<EngineEvent> events, int index)
    {
        ref readonly EngineEvent told = ref events[index];
        ref readonly BookEvent e = ref told.Book;
        long tickE8 = example.Instrument(told.Symbol).TickE8;
        long lotE8 = example.Instrument(told.Symbol).LotE8;
        string id = e.OrderId.ToString(System.Globalization.CultureInfo.InvariantCulture);
        switch (e.Kind)
        {
            case BookEventKind.Accepted: return Line([("e", "accepted"), ("id", id)]);
            case BookEventKind.Triggered: return Line([("e", "triggered"), ("id", id)]);
            case BookEventKind.Trimmed: return Line([("e", "trimmed"), ("id", id), ("qty", Decimal(e.Lots, lotE8))]);
            case BookEventKind.Canceled: return Line([("e", "canceled"), ("id", id), ("reason", Upper(e.Reason.ToString()))]);
            case BookEventKind.Expired: return Line([("e", "expired"), ("id", id), ("reason", Upper(e.Reason.ToString()))]);
            case BookEventKind.Amended:
                return Line([("e", "amended"), ("id", id), ("price", Decimal(e.PriceTicks, tickE8)), ("qty", Decimal(e.Lots, lotE8)),
                    ("kept", e.Has(BookEventFlags.FullOrKept) ? "true" : "false")]);
            case BookEventKind.Fill:
                return e.Has(BookEventFlags.Maker) ? null : Trade(example, in told, in events[index + 1]);
            case BookEventKind.Adl:
                return e.Has(BookEventFlags.Liquidation) ? Adl(example, in told, in events[index + 1]) : null;
            case BookEventKind.Funding:
                return Line([("e", "funding"), ("account", example.AccountName(e.Account)), ("symbol", Symbol(example, told.Symbol)),
                    ("positionSide", Upper(e.PositionSide.ToString())), ("amount", Money(e.Amount))]);
            case BookEventKind.Liquidation:
                return Line([("e", "liquidation"), ("account", example.AccountName(e.Account)), ("symbol", Symbol(example, told.Symbol)),
                    ("positionSide", Upper(e.PositionSide.ToString())), ("qty", Decimal(e.Lots, lotE8)),
                    ("bankruptcyPrice", Decimal(e.PriceTicks, tickE8)), ("full", e.Has(BookEventFlags.FullOrKept) ? "true" : "false")]);
            case BookEventKind.Insurance:
                return Insurance(example, in told, -e.Amount, e.Amount < 0 ? "CLEARANCE_FEE" : "SHORTFALL");
            default: return null;
        }
    }

    /// <summary>A trade, joined from the two accounts' events of the fill.</summary>
    private static string Trade(ExampleEngine example, in EngineEvent taker, in EngineEvent maker)
    {
        ref readonly BookEvent e = ref taker.Book;
        return Line([("e", "trade"), ("symbol", Symbol(example, taker.Symbol)),
            ("taker", e.OrderId == 0 ? "LIQUIDATION" : e.OrderId.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("maker", maker.Book.OrderId.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("price", Decimal(e.PriceTicks, example.Instrument(taker.Symbol).TickE8)),
            ("qty", Decimal(e.Lots, example.Instrument(taker.Symbol).LotE8)),
            ("takerFee", Money(taker.Change.FeeE8)), ("makerFee", Money(maker.Change.FeeE8)),
            ("takerPnl", Money(taker.Change.RealisedE8)), ("makerPnl", Money(maker.Change.RealisedE8))]);
    }

    private static string Adl(ExampleEngine example, in EngineEvent liquidated, in EngineEvent other)
    {
        ref readonly BookEvent e = ref liquidated.Book;
        return Line([("e", "adl"), ("symbol", Symbol(example, liquidated.Symbol)), ("account", example.AccountName(e.Account)),
            ("counterparty", example.AccountName(other.Book.Account)),
            ("price", Decimal(e.PriceTicks, example.Instrument(liquidated.Symbol).TickE8)),
            ("qty", Decimal(e.Lots, example.Instrument(liquidated.Symbol).LotE8)),
            ("pnl", Money(liquidated.Change.RealisedE8)), ("counterpartyPnl", Money(other.Change.RealisedE8))]);
    }

    private static string Insurance(ExampleEngine example, in EngineEvent e, long amountE8, string reason) =>
        Line([("e", "insurance"), ("account", example.AccountName(e.Book.Account)), ("amount", Money(amountE8)), ("reason", reason)]);

    private static string Symbol(ExampleEngine example, int symbol) => example.Instrument(symbol).Symbol;

    private static string Line(IEnumerable<(string Name, string Value)> fields) =>
        string.Join(' ', fields.OrderBy(field => field.Name, StringComparer.Ordinal).Select(field => $"{field.Name}={field.Value}"));
}
