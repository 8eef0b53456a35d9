using System.Globalization;
using System.Text;
using Exchange.Core.MarketData.Indicators;

namespace Exchange.Cli.Indicators;

/// <summary>docs/indicators.md, from the catalogue.</summary>
public static class IndicatorsDocument
{
    private const string Head = """
        # Indicators

        Made from `src/Core/MarketData/Indicators/IndicatorCatalogue.cs`; do not edit by hand. Why they are as they are: [decision 36](decisions/0036-indicators.md).

        Every name here is the one of the command line and of the API. A parameter that is missing at the end is standard. What is not defined (before its window is
        full, or where it would be divided by nothing) is told as nothing.

        `exchange indicators check --quotes FILE --indicator NAME --parameters 14,3 FILE` computes one bar by bar and compares it with a recorded series. The quotes are CSV
        with a heading of `open`, `high`, `low`, `close`, `volume` and perhaps `date` or `timestamp`; the series is a JSON array of a row a bar, each with a value or
        `null` for each output, and perhaps its `timestamp`. Exit codes: 0 it is equal to 1e-9 of each value and defined where that is (`--tolerance` sets another share);
        1 it is not, and the output says where first, or the command line is wrong; 2 it could not be compared, as the message says: a file cannot be read, the files are not of the same bars, there
        is no such indicator, or a parameter is out of its range.

        The venue makes them of the closed candles of each symbol and interval (setting `Features:Indicators`, such as `rsi;bb(20,2.5)`; empty: all, with standard
        parameters; `none`: none), and tells them as [features](decisions/0038-computed-features.md) `indicator:INTERVAL:NAME`, such as `indicator:1m:rsi`,
        `indicator:1m:bb.upperBand` or `indicator:1h:bb-20-2.5.upperBand`: parameters where the setting names any, the output where there are several. Beside them
        stand `tape:INTERVAL:sign` (what buyers took less what sellers took, as a share of all, of the last closed candle) and `tape:INTERVAL:rate` (its trades a
        second), and, every second, `book:1s:spread`, `book:1s:mid`, `book:1s:microprice` (best prices weighted by the other side's quantity), `book:1s:imbalance`
        (quantity of the best five bids less that of the asks, as a share of both) and `book:1s:orderFlowImbalance` (quantity that came to the best bid less what
        came to the best ask since the second before).

        An indicator with other parameters is made when it is asked for by its whole name, as `GET /api/v1/features/BTCUSDT?prefix=indicator:1m:sma-50`, of the
        candles that are kept, and only as it is now: not with `asOf`, in a query or on a stream. Until the next candle closes it is kept, the 10,000 asked for most.

        | name | what | parameters | outputs |
        | --- | --- | --- | --- |

        """;

    public static string Markdown()
    {
        var text = new StringBuilder(Head.ReplaceLineEndings("\n"));
        foreach (IndicatorKind kind in IndicatorCatalogue.All)
        {
            IEnumerable<string> parameters = kind.Parameters.Select(parameter =>
                string.Create(CultureInfo.InvariantCulture, $"{parameter.Name} {parameter.Standard} ({parameter.Least} to {parameter.Most})"));
            text.Append(CultureInfo.InvariantCulture, $"| `{kind.Name}` | {kind.Summary} | {string.Join(", ", parameters)} | {string.Join(", ", kind.Outputs.Select(output => $"`{output}`"))} |\n");
        }

        return text.ToString();
    }
}
