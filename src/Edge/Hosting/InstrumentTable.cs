using System.Text;
using Exchange.Core.Instruments;
using Exchange.Core.Port;
using Exchange.Edge.Errors;

namespace Exchange.Edge.Hosting;

/// <summary>Finds instruments by symbol; follows the venue's list, which is replaced as a whole.</summary>
internal sealed class InstrumentTable(IExchange exchange)
{
    private Index _index = new([], []);

    private sealed record Index(IReadOnlyList<Instrument> Source, Dictionary<string, Instrument> BySymbol);

    public IReadOnlyList<Instrument> All => exchange.Instruments;

    /// <summary>By id; the venue gave the id, so an unknown one is our fault.</summary>
    public Instrument this[int symbolId] => exchange.Instruments[symbolId];

    /// <summary>The instrument of a symbol as text of a request.</summary>
    public Problem? Find(ReadOnlySpan<char> symbol, string field, out Instrument instrument)
    {
        instrument = null!;
        if (!IsSymbol(symbol))
            return Problems.Field(ErrorCatalogue.BadSymbol, field);
        return Current().GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(symbol, out instrument!)
            ? null
            : Problems.Field(ErrorCatalogue.UnknownSymbol, field);
    }

    /// <inheritdoc cref="Find(ReadOnlySpan{char}, string, out Instrument)"/>
    public Problem? Find(ReadOnlySpan<byte> symbol, string field, out Instrument instrument)
    {
        instrument = null!;
        if (symbol.Length > InstrumentLimits.MaxSymbolLength)
            return Problems.Field(ErrorCatalogue.BadSymbol, field);
        Span<char> text = stackalloc char[InstrumentLimits.MaxSymbolLength];
        int length = Encoding.Latin1.GetChars(symbol, text);
        return Find(text[..length], field, out instrument);
    }

    private Dictionary<string, Instrument> Current()
    {
        IReadOnlyList<Instrument> source = exchange.Instruments;
        Index index = Volatile.Read(ref _index);
        if (ReferenceEquals(index.Source, source))
            return index.BySymbol;

        index = new Index(source, source.ToDictionary(instrument => instrument.Symbol, StringComparer.Ordinal));
        Volatile.Write(ref _index, index);
        return index.BySymbol;
    }

    private static bool IsSymbol(ReadOnlySpan<char> symbol)
    {
        foreach (char c in symbol)
        {
            if (c is not ((>= 'A' and <= 'Z') or (>= '0' and <= '9') or '_' or '-' or '.'))
                return false;
        }

        return symbol.Length is >= 1 and <= InstrumentLimits.MaxSymbolLength;
    }
}
