using System.Text.Json;

namespace Exchange.Cli.Index;

/// <summary>A symbol and where its price is to be had.</summary>
internal sealed record SymbolSources(string Symbol, IReadOnlyList<SourceAddress> Sources)
{
    /// <exception cref="InvalidDataException">A source cannot be used; the message names it.</exception>
    public static SymbolSources Create(string symbol, IReadOnlyList<IndexConfiguration.Source> sources)
    {
        SourceAddress[] addresses = [.. sources.Select(SourceAddress.Create)];
        string[] twice = [.. addresses.GroupBy(address => address.Text, StringComparer.Ordinal).Where(same => same.Count() > 1).Select(same => same.Key)];
        return twice.Length == 0
            ? new SymbolSources(symbol, addresses)
            : throw new InvalidDataException($"{symbol} names {twice[0]} twice: it would count twice.");
    }
}

/// <summary>A source as it was given, taken apart.</summary>
/// <param name="Text">As it was given.</param>
/// <param name="Path">Of a file; null: it is on the network.</param>
/// <param name="Address">On the network, without its fragment; null: a file.</param>
/// <param name="Pointer">Where in an answer the price stands.</param>
/// <param name="Subscribe">Messages to send to a stream.</param>
internal sealed record SourceAddress(string Text, string? Path, Uri? Address, PricePointer Pointer, IReadOnlyList<string> Subscribe)
{
    private const string FileScheme = "file:";

    public static SourceAddress Create(IndexConfiguration.Source source)
    {
        string text = source.Address ?? "";
        bool isFile = text.StartsWith(FileScheme, StringComparison.OrdinalIgnoreCase) || !text.Contains("://", StringComparison.Ordinal);
        if (isFile)
            return CreateFile(text, source);
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https" or "ws" or "wss"))
            throw new InvalidDataException($"A source is a file, or an address of http, https, ws or wss: not '{text}'.");
        if (!PricePointer.TryParse(address.Fragment, out PricePointer? pointer))
            throw new InvalidDataException($"Behind the # of '{text}' stands where in the answer the price is, as a JSON pointer: /data/0/price.");
        if (source.Subscribe is not null && address.Scheme is ("http" or "https"))
            throw new InvalidDataException($"Only streams are subscribed to: not '{text}'.");
        Uri bare = new UriBuilder(address) { Fragment = "" }.Uri;
        return new SourceAddress(text, null, bare, pointer!, Messages(source.Subscribe));
    }

    public IndexSource Open(int staleMs, TimeProvider clock)
    {
        var patience = TimeSpan.FromMilliseconds(staleMs);
        if (Path is not null)
            return new FileSource(Text, Path, clock);
        return Address!.Scheme is "http" or "https"
            ? new HttpSource(Text, Address, Pointer, patience, clock)
            : new StreamSource(Text, Address, Pointer, Subscribe, patience, clock);
    }

    private static SourceAddress CreateFile(string text, IndexConfiguration.Source source)
    {
        string path = text.StartsWith("file://", StringComparison.OrdinalIgnoreCase)
            ? text["file://".Length..]
            : text.StartsWith(FileScheme, StringComparison.OrdinalIgnoreCase) ? text[FileScheme.Length..] : text;
        if (path.Length == 0 || source.Subscribe is not null)
            throw new InvalidDataException($"A source is a file, or an address of http, https, ws or wss: not '{text}'.");
        _ = PricePointer.TryParse("", out PricePointer? whole);
        return new SourceAddress(text, path, null, whole!, []);
    }

    private static string[] Messages(JsonElement? subscribe) => subscribe switch
    {
        null or { ValueKind: JsonValueKind.Null } => [],
        { ValueKind: JsonValueKind.Array } many => [.. many.EnumerateArray().Select(Message)],
        { } one => [Message(one)],
    };

    private static string Message(JsonElement message) =>
        message.ValueKind == JsonValueKind.String ? message.GetString()! : message.GetRawText();
}
