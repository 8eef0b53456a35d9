using System.Collections.Immutable;
using Exchange.Core.MarketData;

namespace Exchange.Embedded.History;

/// <summary>The candles of one price of a symbol that have values and are not over yet, one of each interval.</summary>
internal sealed class OpenBars
{
    private const long None = -1;
    private readonly ImmutableArray<CandleInterval> _intervals;
    private readonly long[] _openMs;
    private long _firstCloseMs = long.MaxValue;
    private bool _isPartial = true;

    /// <remarks>Marks and indices themselves are kept; seconds of them would be as many again.</remarks>
    public OpenBars(CandlePrice of)
    {
        _intervals = of == CandlePrice.Trade ? CandleIntervals.All : CandleIntervals.All.Remove(CandleInterval.OneSecond);
        _openMs = new long[_intervals.Length];
        Array.Fill(_openMs, None);
    }

    /// <summary>Goes on with candles that had values before anybody looked.</summary>
    /// <param name="findOpen">When the one that is not over opened; null: it has no values.</param>
    public void Resume(Func<CandleInterval, long?> findOpen)
    {
        for (int i = 0; i < _openMs.Length; i++)
        {
            if (findOpen(_intervals[i]) is { } openMs)
                Open(i, openMs);
        }
    }

    /// <summary>A value: every interval has a candle now. Those that ended before are to be closed first.</summary>
    public void Open(long timeMs)
    {
        if (!_isPartial)
            return;
        _isPartial = false;
        for (int i = 0; i < _openMs.Length; i++)
        {
            if (_openMs[i] == None)
                Open(i, _intervals[i].OpenTimeMs(timeMs));
        }
    }

    /// <summary>Whether one is over at a time.</summary>
    public bool IsDue(long timeMs) => timeMs >= _firstCloseMs;

    /// <summary>Closes what is over at a time.</summary>
    /// <param name="closed">Called with each: its interval and when it opened.</param>
    public void Close(long timeMs, Action<CandleInterval, long> closed)
    {
        _firstCloseMs = long.MaxValue;
        for (int i = 0; i < _openMs.Length; i++)
        {
            if (_openMs[i] == None)
                continue;
            long closeMs = _intervals[i].NextOpenTimeMs(_openMs[i]);
            if (closeMs > timeMs)
            {
                _firstCloseMs = Math.Min(_firstCloseMs, closeMs);
                continue;
            }

            closed(_intervals[i], _openMs[i]);
            _openMs[i] = None;
            _isPartial = true;
        }
    }

    private void Open(int interval, long openMs)
    {
        _openMs[interval] = openMs;
        _firstCloseMs = Math.Min(_firstCloseMs, _intervals[interval].NextOpenTimeMs(openMs));
    }
}
