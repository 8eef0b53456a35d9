using System.CommandLine;
using Exchange.Cli.Http;
using Exchange.Cli.Terminal;

namespace Exchange.Cli.Index;

/// <summary><c>exchange index</c>: feeds index prices from several sources into a venue (docs/index-prices.md).</summary>
/// <remarks>Exit codes: 0 stopped by Ctrl-C or SIGTERM; 1 a setting, the key or all symbols were refused.</remarks>
public static class IndexCommand
{
    public static Command Create()
    {
        Option<Uri> url = ServerOptions.Url(allowsTls: true);
        Option<FileInfo> keys = new Option<FileInfo>("--keys") { Description = "demo-keys.json, or an administrator's key file.", Required = true }.AcceptExistingOnly();
        Option<FileInfo> config = new Option<FileInfo>("--config") { Description = "JSON file with sources and settings; options go before it." }.AcceptExistingOnly();
        Option<string[]> sources = new("--source")
        {
            Description = "SYMBOL=URI: a file, or http(s) or ws(s) with a JSON pointer to the price behind #.",
        };
        Option<int?> interval = new("--interval") { Description = $"Between two posts, ms. Default {IndexSettings.DefaultIntervalMs}." };
        Option<int?> stale = new("--stale") { Description = $"A price older than this does not count, ms. Default {IndexSettings.DefaultStaleMs}." };
        Option<string?> deviation = new("--deviation")
        {
            Description = $"A price further from the median than this part of it is dropped. Default {IndexSettings.DefaultDeviation}.",
        };
        Option<int?> minSources = new("--min-sources") { Description = "With fewer prices nothing is posted. Default: more than half of a symbol's sources." };
        Option<bool> json = new("--json") { Description = "Prints a line of JSON for every post and every change." };
        Command command = new("index", "Feeds index prices from several sources into a venue.")
        {
            url, keys, sources, config, interval, stale, deviation, minSources, json,
        };
        command.SetAction((parsed, _) => Run(
            new IndexConfiguration
            {
                IntervalMs = parsed.GetValue(interval),
                StaleMs = parsed.GetValue(stale),
                Deviation = parsed.GetValue(deviation),
                MinSources = parsed.GetValue(minSources),
            },
            parsed.GetValue(sources) ?? [], parsed.GetValue(config)?.FullName, parsed.GetRequiredValue(url), parsed.GetRequiredValue(keys).FullName,
            parsed.GetValue(json), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return command;
    }

    private static async Task<int> Run(
        IndexConfiguration typed, string[] sources, string? configurationFile, Uri venue, string keys, bool asJson, TextWriter output,
        TextWriter error)
    {
        using var stop = new StopSignal();
        TimeProvider clock = TimeProvider.System;
        var teller = new IndexTeller(output, new StatusLine(error), asJson, clock);
        try
        {
            IndexSettings settings = IndexSettings.Combine(typed with { Symbols = Parse(sources) }, configurationFile);
            using var poster = new IndexPoster(venue, AdminKey.Load(keys), TimeSpan.FromMilliseconds(settings.StaleMs), clock);
            using var feed = new IndexFeed(settings, poster, teller, clock);
            await feed.Run(stop.Token);
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            // Asked to stop.
        }
        catch (Exception failure) when (failure is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            teller.Finish();
            error.WriteLine(failure.Message);
            return ExchangeCommandLine.Failed;
        }

        teller.Finish();
        return ExchangeCommandLine.Done;
    }

    private static Dictionary<string, IReadOnlyList<IndexConfiguration.Source>> Parse(string[] sources) => sources
        .Select(source => source.Split('=', 2))
        .GroupBy(
            parts => parts.Length == 2 && parts[0].Length > 0 && parts[1].Length > 0
                ? parts[0]
                : throw new InvalidDataException($"--source is SYMBOL=URI, not '{string.Join('=', parts)}'."),
            StringComparer.Ordinal)
        .ToDictionary(
            symbol => symbol.Key,
            IReadOnlyList<IndexConfiguration.Source> (symbol) => [.. symbol.Select(parts => new IndexConfiguration.Source(parts[1]))],
            StringComparer.Ordinal);
}
