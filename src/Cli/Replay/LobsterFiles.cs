using System.Globalization;
using System.IO.Compression;

namespace Exchange.Cli.Replay;

/// <summary>What is to be played, and what the book must be after it. Rows are counted from 0; row 0 is the seed.</summary>
internal sealed class LobsterFiles
{
    public required IReadOnlyList<LobsterMessage> Messages { get; init; }

    /// <summary>The book after row 0.</summary>
    public required LobsterLevels Seed { get; init; }

    /// <summary>By row: the best bid and offer where they become others.</summary>
    public required IReadOnlyDictionary<int, LobsterLevels> BestPrices { get; init; }

    /// <summary>By row: the whole book, for the rows that the deep file has too.</summary>
    public required IReadOnlyDictionary<int, LobsterLevels> Levels { get; init; }

    /// <param name="messages">Message file.</param>
    /// <param name="seed">Order book file whose first row is the book after the first message.</param>
    /// <param name="bestPrices">Row, best ask and its size, best bid and its size, where they change.</param>
    /// <param name="levels">Order book file; its message file lies beside it, under LOBSTER's name for it. Null: none.</param>
    /// <param name="rows">Messages up to this row are taken.</param>
    /// <exception cref="InvalidDataException">A file is not what it should be; the message names file and row.</exception>
    public static LobsterFiles Load(string messages, string seed, string bestPrices, string? levels, int rows = int.MaxValue)
    {
        List<string> lines = [.. Lines(messages).Take(rows == int.MaxValue ? rows : rows + 1)];
        return new LobsterFiles
        {
            Messages = [.. Parse(messages, lines, LobsterMessage.Parse)],
            Seed = Parse(seed, Lines(seed).Take(1), line => LobsterLevels.Parse(line)).FirstOrDefault()
                ?? throw new InvalidDataException($"{Path.GetFileName(seed)} has no row to seed the book with."),
            BestPrices = Parse(bestPrices, Lines(bestPrices), ParseBest).ToDictionary(),
            Levels = levels is null ? new Dictionary<int, LobsterLevels>() : LoadLevels(levels, lines),
        };
    }

    private static KeyValuePair<int, LobsterLevels> ParseBest(string line)
    {
        int comma = line.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0)
            throw new FormatException("one field");
        return new(int.Parse(line.AsSpan(0, comma), NumberStyles.None, CultureInfo.InvariantCulture), LobsterLevels.Parse(line.AsSpan(comma + 1)));
    }

    /// <summary>The deep file leaves out messages that it does not show; those it has are told by their identical text.</summary>
    private static Dictionary<int, LobsterLevels> LoadLevels(string path, List<string> lines)
    {
        string name = Path.GetFileName(path);
        string messages = Path.Combine(Path.GetDirectoryName(path)!, name.Replace("_orderbook_", "_message_", StringComparison.Ordinal));
        if (messages == path || !File.Exists(messages))
            throw new InvalidDataException($"{name} needs its messages beside it, under the same name with _message_ for _orderbook_.");

        var rows = new Dictionary<int, LobsterLevels>();
        int row = 0;
        foreach ((string message, LobsterLevels book) in Lines(messages).Zip(Parse(path, Lines(path), line => LobsterLevels.Parse(line))))
        {
            int found = lines.IndexOf(message, row);
            if (found < 0)
                continue;
            row = found + 1;
            if (found > 0)
                rows.Add(found, book); // Row 0 is the seed itself.
        }

        return rows;
    }

    private static IEnumerable<T> Parse<T>(string path, IEnumerable<string> lines, Func<string, T> parse)
    {
        int row = 0;
        foreach (string line in lines)
        {
            T parsed;
            try
            {
                parsed = parse(line);
            }
            catch (Exception malformed) when (malformed is FormatException or OverflowException)
            {
                throw new InvalidDataException($"{Path.GetFileName(path)}, row {row}: {malformed.Message}.", malformed);
            }

            row++;
            yield return parsed;
        }
    }

    private static IEnumerable<string> Lines(string path)
    {
        using Stream file = File.OpenRead(path);
        using Stream plain = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
        using var reader = new StreamReader(plain);
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0)
                yield return line;
        }
    }
}
