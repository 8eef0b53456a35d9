using System.Text;
using Exchange.Core.Instruments;
using Exchange.Edge.Errors;
using Exchange.Edge.Json;

namespace Exchange.Edge.Native.Admin;

/// <summary>The body that lists an instrument. Quantities are in lots of it, prices in ticks of it, so tick and lot are read first.</summary>
internal static class InstrumentBody
{
    private const int BracketDepth = 2;

    private static readonly BodyShape BracketShape = new("ListBracket",
        new BodyField("cap", FieldKind.Decimal, "Largest notional, in USDT.", IsRequired: true),
        new BodyField("maxLeverage", FieldKind.Integer, "Largest leverage.", IsRequired: true),
        new BodyField("maintenanceRate", FieldKind.Decimal, "Part of the notional that equity must exceed.", IsRequired: true));

    public static readonly BodyShape Shape = new("ListInstrument",
        new BodyField("symbol", FieldKind.Text, "1 to 24 of A-Z 0-9 _ - .", IsRequired: true),
        new BodyField("tickSize", FieldKind.Decimal, "In USDT.", IsRequired: true),
        new BodyField("lotSize", FieldKind.Decimal, "In the base asset.", IsRequired: true),
        new BodyField("makerFee", FieldKind.Decimal, "Part of the notional; a rebate is negative.", IsRequired: true),
        new BodyField("takerFee", FieldKind.Decimal, "Part of the notional.", IsRequired: true),
        new BodyField("liquidationFee", FieldKind.Decimal, "Part of the notional.", IsRequired: true),
        new BodyField("bandUp", FieldKind.Decimal, "1.05: a buy at most 5 % above the mark.", IsRequired: true),
        new BodyField("bandDown", FieldKind.Decimal, "0.95: a sell at most 5 % below the mark.", IsRequired: true),
        new BodyField("marketBound", FieldKind.Decimal, "0.02: a market order trades at most 2 % from the mark.", IsRequired: true),
        new BodyField("minQty", FieldKind.Decimal, "Smallest order.", IsRequired: true),
        new BodyField("maxQty", FieldKind.Decimal, "Largest order.", IsRequired: true),
        new BodyField("minNotional", FieldKind.Decimal, "In USDT.", IsRequired: true),
        new BodyField("brackets", FieldKind.List, "By rising cap.", IsRequired: true, Items: BracketShape),
        new BodyField("maxPrice", FieldKind.Decimal, "Highest price an order may name."),
        new BodyField("maxPosition", FieldKind.Decimal, "Largest position; as large as money allows when absent."),
        new BodyField("maxOrders", FieldKind.Integer, $"Open orders of an account; {InstrumentLimits.DefaultMaxOrders} when absent."),
        new BodyField("triggerProtect", FieldKind.Decimal, "Part of the mark; no protection when absent."),
        new BodyField("fundingIntervalMs", FieldKind.Integer, "1, 2, 4 or 8 hours; 8 when absent."),
        new BodyField("fundingCap", FieldKind.Decimal, "Largest funding rate; 0.02 when absent."),
        new BodyField("fixedIndex", FieldKind.Decimal, "Index price until a first one is posted."));

    /// <summary>Reads and judges an instrument.</summary>
    /// <param name="json">The whole body.</param>
    /// <param name="symbolId">The next id.</param>
    /// <param name="instrument">The instrument, when the result is null.</param>
    public static Problem? Read(ReadOnlySpan<byte> json, int symbolId, out Instrument instrument)
    {
        instrument = null!;
        Span<FieldToken> tokens = stackalloc FieldToken[BodyShape.MostFields];
        if (JsonFields.Read(json, Shape, tokens, out JsonFields fields) is { } malformed)
            return malformed;

        var numbers = new Numbers();
        if (ReadUnits(fields, out string symbol, numbers) is { } badUnits)
            return badUnits;
        Problem? problem = numbers.Rates(fields) ?? numbers.Steps(fields) ?? numbers.Options(fields);
        if (problem is not null)
            return problem;
        if (ReadBrackets(json, fields, out List<BracketSettings> brackets) is { } badBracket)
            return badBracket;

        InstrumentError error = Instrument.Create(symbolId, numbers.Settings(symbol, brackets), out Instrument? made);
        if (error != InstrumentError.None)
            return new Problem(ErrorCatalogue.Of(Core.RejectReason.InstrumentRefused)) { Detail = InstrumentErrorText.Of(error) };
        instrument = made!;
        return null;
    }

    private static Problem? ReadUnits(in JsonFields fields, out string symbol, Numbers numbers)
    {
        symbol = "";
        Span<byte> scratch = stackalloc byte[JsonFields.MaxText];
        if (fields.Text(0, scratch, out ReadOnlySpan<byte> text) is { } badText)
            return badText;
        symbol = Encoding.Latin1.GetString(text);
        if (fields.AmountE8(1, out numbers.TickE8) is { } badTick)
            return badTick;
        if (fields.AmountE8(2, out numbers.LotE8) is { } badLot)
            return badLot;
        return numbers.TickE8 > 0 && numbers.LotE8 > 0
            ? null
            : new Problem(ErrorCatalogue.Of(Core.RejectReason.InstrumentRefused)) { Detail = InstrumentErrorText.Of(InstrumentError.TickOrLot) };
    }

    private static Problem? ReadBrackets(ReadOnlySpan<byte> json, in JsonFields fields, out List<BracketSettings> brackets)
    {
        brackets = [];
        var items = new List<Range>();
        if (fields.Objects(12, InstrumentLimits.MaxBrackets, items) is { } wrongType)
            return wrongType;

        Span<FieldToken> tokens = stackalloc FieldToken[BodyShape.MostFields];
        foreach (Range item in items)
        {
            if (JsonFields.ReadObject(json[item], BracketShape, tokens, BracketDepth, out JsonFields row) is { } malformed)
                return malformed;
            if (row.AmountE8(0, out long capE8) is { } badCap)
                return badCap;
            if (row.Integer(1, InstrumentLimits.MaxLeverage, out long leverage) is { } badLeverage)
                return badLeverage;
            if (row.AmountE8(2, out long rateE8) is { } badRate)
                return badRate;
            brackets.Add(new BracketSettings(capE8, (int)leverage, rateE8));
        }

        return null;
    }

    /// <summary>The numbers of a body on their way into settings.</summary>
    private sealed class Numbers
    {
        public long TickE8;
        public long LotE8;
        private long _makerE8;
        private long _takerE8;
        private long _liquidationE8;
        private long _bandUpE8;
        private long _bandDownE8;
        private long _boundE8;
        private long _minLots;
        private long _maxLots;
        private long _minNotionalE8;
        private long _maxPriceTicks = InstrumentLimits.MaxPriceTicks;
        private long _maxPositionLots;
        private long _maxOrders = InstrumentLimits.DefaultMaxOrders;
        private long _protectE8;
        private long _intervalMs = 8 * InstrumentLimits.HourMs;
        private long _fundingCapE8 = 2_000_000;
        private long _fixedIndexTicks;

        public Problem? Rates(in JsonFields fields) =>
            fields.SignedE8(3, out _makerE8)
            ?? fields.AmountE8(4, out _takerE8)
            ?? fields.AmountE8(5, out _liquidationE8)
            ?? fields.AmountE8(6, out _bandUpE8)
            ?? fields.AmountE8(7, out _bandDownE8)
            ?? fields.AmountE8(8, out _boundE8);

        public Problem? Steps(in JsonFields fields) =>
            fields.Quantity(9, LotE8, out _minLots)
            ?? fields.Quantity(10, LotE8, out _maxLots)
            ?? fields.AmountE8(11, out _minNotionalE8)
            ?? (fields.Has(13) ? fields.Price(13, TickE8, out _maxPriceTicks) : null)
            ?? (fields.Has(14) ? fields.Quantity(14, LotE8, out _maxPositionLots) : null)
            ?? (fields.Has(19) ? fields.Price(19, TickE8, out _fixedIndexTicks) : null);

        public Problem? Options(in JsonFields fields) =>
            (fields.Has(15) ? fields.Integer(15, InstrumentLimits.MaxOrders, out _maxOrders) : null)
            ?? (fields.Has(16) ? fields.AmountE8(16, out _protectE8) : null)
            ?? (fields.Has(17) ? fields.Integer(17, 24 * InstrumentLimits.HourMs, out _intervalMs) : null)
            ?? (fields.Has(18) ? fields.AmountE8(18, out _fundingCapE8) : null);

        public InstrumentSettings Settings(string symbol, List<BracketSettings> brackets) => new()
        {
            Symbol = symbol,
            TickE8 = TickE8,
            LotE8 = LotE8,
            MakerRateE8 = _makerE8,
            TakerRateE8 = _takerE8,
            LiquidationFeeRateE8 = _liquidationE8,
            BandUpE8 = _bandUpE8,
            BandDownE8 = _bandDownE8,
            MarketBoundE8 = _boundE8,
            MinLots = _minLots,
            MaxLots = _maxLots,
            MinNotionalE8 = _minNotionalE8,
            MaxPriceTicks = _maxPriceTicks,
            MaxPositionLots = _maxPositionLots,
            MaxOrders = (int)_maxOrders,
            TriggerProtectE8 = _protectE8,
            FundingIntervalMs = _intervalMs,
            FundingCapE8 = _fundingCapE8,
            FixedIndexTicks = _fixedIndexTicks,
            Brackets = brackets,
        };
    }
}
