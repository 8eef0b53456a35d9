using System.Buffers.Binary;
using System.Text;

namespace Exchange.Core.Instruments;

/// <content>The form an instrument has in journals and snapshots, and its part of a state hash.</content>
public sealed partial class Instrument
{
    private const byte WireVersion = 1;
    private const int NumberCount = 20;
    private const int BracketBytes = 3 * sizeof(long);

    /// <summary>Most bytes <see cref="Encode"/> writes.</summary>
    public const int MaxEncodedBytes =
        1 + 1 + InstrumentLimits.MaxSymbolLength + sizeof(int) + NumberCount * sizeof(long)
        + 1 + InstrumentLimits.MaxBrackets * BracketBytes;

    /// <summary>Writes version, symbol, id, numbers and rows, little-endian; returns the bytes written.</summary>
    public int Encode(Span<byte> destination)
    {
        destination[0] = WireVersion;
        destination[1] = (byte)Symbol.Length;
        int at = 2 + Encoding.ASCII.GetBytes(Symbol, destination[2..]);
        BinaryPrimitives.WriteInt32LittleEndian(destination[at..], SymbolId);
        at += sizeof(int);

        Span<long> numbers = stackalloc long[NumberCount];
        CopyNumbers(numbers);
        foreach (long number in numbers)
            Put(destination, ref at, number);

        destination[at++] = (byte)_brackets.Length;
        foreach (LeverageBracket bracket in _brackets)
        {
            Put(destination, ref at, bracket.CapE8);
            Put(destination, ref at, bracket.MaxLeverage);
            Put(destination, ref at, bracket.MaintenanceRateE8);
        }

        return at;
    }

    /// <summary>Reads what <see cref="Encode"/> wrote and judges it again; <paramref name="read"/> is how many bytes it used.</summary>
    /// <returns><see cref="InstrumentError.Encoding"/> if the bytes are cut short or of another version.</returns>
    public static InstrumentError Decode(ReadOnlySpan<byte> source, out Instrument? instrument, out int read)
    {
        instrument = null;
        read = 0;
        if (source.Length < 2 || source[0] != WireVersion || source[1] > InstrumentLimits.MaxSymbolLength)
            return InstrumentError.Encoding;
        int symbolEnd = 2 + source[1];
        int rowsAt = symbolEnd + sizeof(int) + NumberCount * sizeof(long);
        if (source.Length <= rowsAt)
            return InstrumentError.Encoding;
        int rowCount = source[rowsAt];
        read = rowsAt + 1 + rowCount * BracketBytes;
        if (source.Length < read)
            return InstrumentError.Encoding;

        string symbol = Encoding.ASCII.GetString(source[2..symbolEnd]);
        int symbolId = BinaryPrimitives.ReadInt32LittleEndian(source[symbolEnd..]);
        int at = symbolEnd + sizeof(int);
        Span<long> numbers = stackalloc long[NumberCount];
        foreach (ref long number in numbers)
            number = Take(source, ref at);

        at++;
        var rows = new BracketSettings[rowCount];
        foreach (ref BracketSettings row in rows.AsSpan())
            row = new BracketSettings(Take(source, ref at), unchecked((int)Take(source, ref at)), Take(source, ref at));
        return Create(symbolId, FromNumbers(symbol, numbers, rows), out instrument);
    }

    /// <summary>Adds everything the instrument was made from.</summary>
    public void AddTo(ref StateHasher hasher)
    {
        Span<byte> bytes = stackalloc byte[MaxEncodedBytes];
        hasher.Add(bytes[..Encode(bytes)]);
    }

    private void CopyNumbers(Span<long> to)
    {
        ReadOnlySpan<long> numbers =
        [
            TickE8, LotE8, MakerRateE8, TakerRateE8, LiquidationFeeRateE8, BandUpE8, BandDownE8, MarketBoundE8, MinLots, MaxLots,
            MinNotionalE8, MaxPriceTicks, MaxPositionLots, MaxOrders, TriggerProtectE8, FundingInterestE8, FundingClampE8, FundingCapE8,
            FundingIntervalMs, FixedIndexTicks,
        ];
        numbers.CopyTo(to);
    }

    private static InstrumentSettings FromNumbers(string symbol, ReadOnlySpan<long> numbers, BracketSettings[] rows) => new()
    {
        Symbol = symbol,
        TickE8 = numbers[0],
        LotE8 = numbers[1],
        MakerRateE8 = numbers[2],
        TakerRateE8 = numbers[3],
        LiquidationFeeRateE8 = numbers[4],
        BandUpE8 = numbers[5],
        BandDownE8 = numbers[6],
        MarketBoundE8 = numbers[7],
        MinLots = numbers[8],
        MaxLots = numbers[9],
        MinNotionalE8 = numbers[10],
        MaxPriceTicks = numbers[11],
        MaxPositionLots = numbers[12],
        MaxOrders = unchecked((int)numbers[13]),
        TriggerProtectE8 = numbers[14],
        FundingInterestE8 = numbers[15],
        FundingClampE8 = numbers[16],
        FundingCapE8 = numbers[17],
        FundingIntervalMs = numbers[18],
        FixedIndexTicks = numbers[19],
        Brackets = rows,
    };

    private static void Put(Span<byte> to, ref int at, long number)
    {
        BinaryPrimitives.WriteInt64LittleEndian(to[at..], number);
        at += sizeof(long);
    }

    private static long Take(ReadOnlySpan<byte> from, ref int at)
    {
        long number = BinaryPrimitives.ReadInt64LittleEndian(from[at..]);
        at += sizeof(long);
        return number;
    }
}
