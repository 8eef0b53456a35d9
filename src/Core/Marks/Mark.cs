using System.Diagnostics;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Units;

namespace Exchange.Core.Marks;

/// <summary>One symbol's index, mark price, funding rate and price alarms.</summary>
/// <remarks>
/// Key: symbol. Index in 1e-8 USDT, mark in ticks, rates in 1e-8. Journaled, so it decides: no clock, I/O or randomness.
/// Once a second, at the first <see cref="MarkInputKind.Sample"/> or <see cref="MarkInputKind.Time"/> of it, the mark is
/// set and numbered; the very first one as soon as there is an index. While the index is older than
/// <see cref="IndexStaleMs"/> the mark is held: no update, no premium, no funding. Rules: docs/rules/funding.md.
/// </remarks>
public sealed partial class Mark
{
    /// <summary>Age beyond which an index no longer counts, ms.</summary>
    public const long IndexStaleMs = 10_000;

    /// <summary>Farthest a posted index may be from the one posted before, as a part of that one in 1e-8.</summary>
    public const long IndexBandE8 = 20_000_000;

    private const long SecondMs = 1_000;

    private readonly BasisWindow _basis = new();
    private PremiumAverage _premiums;
    private long _timeMs;
    private long _indexE8;
    private long _indexTimeMs;
    private bool _hasPostedIndex;
    private TradingState _state;
    private ulong _lastSample;
    private long _lastTicks;
    private long _markTicks;
    private long _markSecond = -1;
    private ulong _markNumber;
    private MarkGap _gap;
    private long _nextFundingMs;
    private long _lastRateE8;
    private long _waitingRoundMs;
    private FundingRound _lastRound;

    public Mark(Instrument instrument, int expectedAccounts = 64)
    {
        Instrument = instrument;
        Alarms = new PriceAlarms(expectedAccounts);
        _indexE8 = checked(instrument.FixedIndexTicks * instrument.TickE8);
    }

    public Instrument Instrument { get; private set; }

    /// <summary>Who must be woken. A host that runs accounts beside it may register with it directly.</summary>
    public PriceAlarms Alarms { get; }

    /// <summary>A new mark wakes nobody: the host does, as many at a time as it likes.</summary>
    public bool IsWakingLater { get; init; }

    /// <summary>0: none yet, the symbol does not trade.</summary>
    public long MarkTicks => _markTicks;

    /// <summary>Number of the last update; 0: none yet.</summary>
    public ulong MarkNumber => _markNumber;

    /// <summary>Whether the last update, or the one before, went beyond what maintenance margins allow for.</summary>
    public MarkGap Gap => _gap;

    /// <summary>In 1e-8 USDT; 0: none.</summary>
    public long IndexE8 => _indexE8;

    /// <summary>When the index was posted, ms; 0 while it is the fixed one or there is none.</summary>
    public long IndexTimeMs => _indexTimeMs;

    /// <summary>No index, or none young enough: nothing that holds the symbol may be liquidated. A fixed index never ages.</summary>
    public bool IsStale => IsStaleAt(_timeMs);

    /// <summary>As <see cref="IsStale"/>, at a time that this machine may not have been told yet.</summary>
    public bool IsStaleAt(long timeMs) => _hasPostedIndex ? timeMs - _indexTimeMs > IndexStaleMs : _indexE8 == 0;

    /// <summary>Rate of the last interval that ended.</summary>
    public long LastFundingRateE8 => _lastRateE8;

    /// <summary>What the rate would be if the interval ended now.</summary>
    public long PredictedFundingRateE8 => FundingRate.OfE8(Instrument, _premiums.ValueE8);

    /// <summary>Next settlement, ms; 0 before the first input.</summary>
    public long NextFundingMs => _nextFundingMs;

    /// <summary>Id of a round that waits for trading or a fresh index; 0: none.</summary>
    public long WaitingRoundId => _waitingRoundMs;

    /// <summary>The last round given out; a host whose book may not have it sends it until the book says so. Id 0: none yet.</summary>
    public FundingRound LastRound => _lastRound;

    /// <summary>Advances by one input; never throws for what a client or a feed sent.</summary>
    public void Apply(in MarkInput input, MarkOutput output)
    {
        output.Clear();
        Invariant.Holds(input.TimeMs >= _timeMs);
        _timeMs = input.TimeMs;
        EndInterval();
        switch (input.Kind)
        {
            case MarkInputKind.Index: Index(input.IndexE8, output); break;
            case MarkInputKind.Sample: Sample(input, output); break;
            case MarkInputKind.Time: Second(output); break;
            case MarkInputKind.State: _state = input.State; break;
            case MarkInputKind.Range: output.IsRangeTaken = Alarms.Register(input.Range); break;
            case MarkInputKind.Set: Set(input.MarkTicks, output); break;
            case MarkInputKind.Round: GiveRound(new FundingRound(_lastRound.Id + 1, input.RateE8, _markTicks), output); break;
            default: throw new UnreachableException($"Mark input {input.Kind}.");
        }
    }

    /// <summary>Takes changed settings: fees, brackets and funding terms may differ, the units may not.</summary>
    public void Change(Instrument instrument)
    {
        Invariant.Holds(instrument.SymbolId == Instrument.SymbolId);
        Invariant.Holds(instrument.TickE8 == Instrument.TickE8);
        Invariant.Holds(instrument.LotE8 == Instrument.LotE8);
        bool isOtherInterval = instrument.FundingIntervalMs != Instrument.FundingIntervalMs;
        Instrument = instrument;
        if (isOtherInterval && _nextFundingMs != 0)
            _nextFundingMs = SettlementAfter(_timeMs);
        if (!_hasPostedIndex)
            _indexE8 = checked(instrument.FixedIndexTicks * instrument.TickE8);
    }

    private void Index(long indexE8, MarkOutput output)
    {
        // Zero, negative or beyond what may be traded: a broken source. The one there goes on, and ages.
        if (indexE8 <= 0 || MarkPrice.IndexTicks(indexE8, Instrument.TickE8) is var ticks && (ticks < 1 || ticks > Instrument.MaxPriceTicks))
        {
            output.Outcome = RejectReason.PriceRange;
            return;
        }

        // Basis and funded index move along with it, so a spike would be the mark at once. Aged or not, the one there is what to compare
        // with: who knows that the market has moved that far halts the symbol, posts the price and resumes.
        if (_hasPostedIndex && _state != TradingState.Halted && Int128.Abs((Int128)indexE8 - _indexE8) * Rounding.OneE8 > (Int128)_indexE8 * IndexBandE8)
        {
            output.Outcome = RejectReason.PriceBandOfIndex;
            return;
        }

        _indexE8 = indexE8;
        _indexTimeMs = _timeMs;
        _hasPostedIndex = true;
        if (_markNumber == 0)
            Second(output);
    }

    private void Sample(in MarkInput sample, MarkOutput output)
    {
        if (sample.SampleNumber > _lastSample)
        {
            _lastSample = sample.SampleNumber;
            if (sample.LastTicks > 0)
                _lastTicks = sample.LastTicks;
            if (!IsStale)
                Measure(sample);
        }

        Second(output);
    }

    private void Measure(in MarkInput sample)
    {
        if (sample.BidTicks > 0 && sample.AskTicks > 0)
            _basis.Add(sample.BidTicks, sample.AskTicks, Instrument.TickE8, _indexE8);
        if (sample.HasImpact)
            _premiums.Add(Premium.OfE8(Instrument, sample.ImpactBid, sample.ImpactAsk, _indexE8));
    }

    /// <summary>What happens once a second: the mark, then a round that is due.</summary>
    private void Second(MarkOutput output)
    {
        if (IsStale)
            return;

        long second = _timeMs / SecondMs;
        if (second > _markSecond)
            Set(Price(), output);
        if (_waitingRoundMs != 0 && _state < TradingState.Halted)
        {
            GiveRound(new FundingRound(_waitingRoundMs, _lastRateE8, _markTicks), output);
            _waitingRoundMs = 0;
        }
    }

    private void Set(long ticks, MarkOutput output)
    {
        _markSecond = _timeMs / SecondMs;
        _gap = _gap.Move(Instrument, _markTicks, ticks);
        _markTicks = ticks;
        _markNumber++;
        if (IsWakingLater)
            Alarms.Turn(_markTicks);
        else
            Alarms.Move(_markTicks);
        output.Set(new MarkUpdate(_markNumber, _markTicks, _timeMs, _gap));
    }

    private void GiveRound(FundingRound round, MarkOutput output)
    {
        _lastRound = round;
        output.Set(in _lastRound);
    }

    private long Price()
    {
        long tickE8 = Instrument.TickE8;
        long first = MarkPrice.FundedIndexTicks(
            _indexE8, _lastRateE8, _nextFundingMs - _timeMs, Instrument.FundingIntervalMs, tickE8);
        long second = MarkPrice.BasisTicks(_indexE8, _basis, tickE8);
        long third = _lastTicks != 0 ? _lastTicks : MarkPrice.IndexTicks(_indexE8, tickE8);

        // A mark beyond the highest price would take notionals out of 64 bits; a premium may carry it there.
        return Math.Clamp(MarkPrice.Median(first, second, third), 1, Instrument.MaxPriceTicks);
    }

    /// <summary>Fixes the rate when a settlement time is reached; <see cref="Second"/> gives out the round.</summary>
    /// <remarks>
    /// If a round still waits when the next interval ends, the later one takes its place: a long halt, or a clock that
    /// jumps ahead, must not charge many rounds at once.
    /// </remarks>
    private void EndInterval()
    {
        if (_nextFundingMs == 0)
        {
            _nextFundingMs = SettlementAfter(_timeMs);
        }
        else if (_timeMs >= _nextFundingMs)
        {
            _lastRateE8 = PredictedFundingRateE8;
            _premiums = default;
            _nextFundingMs = SettlementAfter(_timeMs);
            _waitingRoundMs = _nextFundingMs - Instrument.FundingIntervalMs;
        }
    }

    private long SettlementAfter(long timeMs) => checked((timeMs / Instrument.FundingIntervalMs + 1) * Instrument.FundingIntervalMs);
}
