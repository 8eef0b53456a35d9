using System.Collections.Immutable;

namespace Exchange.Core.MarketData;

/// <summary>Lengths of candles; their texts are <see cref="CandleIntervals.Text"/>.</summary>
public enum CandleInterval : byte
{
    OneMinute = 0,
    ThreeMinutes = 1,
    FiveMinutes = 2,
    FifteenMinutes = 3,
    ThirtyMinutes = 4,
    OneHour = 5,
    TwoHours = 6,
    FourHours = 7,
    SixHours = 8,
    EightHours = 9,
    TwelveHours = 10,
    OneDay = 11,
    ThreeDays = 12,
    OneWeek = 13,
    OneMonth = 14,

    /// <summary>Came last; numbers are stored.</summary>
    OneSecond = 15,
}

/// <summary>Where candles begin and end, in ms since the Unix epoch (docs/rules/market-data.md 9.2).</summary>
public static class CandleIntervals
{
    public const int Count = 16;

    /// <summary>From the shortest to the longest.</summary>
    public static readonly ImmutableArray<CandleInterval> All =
        [CandleInterval.OneSecond, .. Enum.GetValues<CandleInterval>().Where(interval => interval != CandleInterval.OneSecond)];

    private const long SecondMs = 1_000;
    private const long MinuteMs = 60_000;
    private const long DayMs = 1_440 * MinuteMs;

    /// <summary>The first Monday after the epoch, a Thursday.</summary>
    private const long MondayMs = 4 * DayMs;

    /// <summary>By number; 0: a month.</summary>
    private static ReadOnlySpan<long> LengthsMs =>
    [
        MinuteMs, 3 * MinuteMs, 5 * MinuteMs, 15 * MinuteMs, 30 * MinuteMs, 60 * MinuteMs, 120 * MinuteMs, 240 * MinuteMs, 360 * MinuteMs, 480 * MinuteMs,
        720 * MinuteMs, DayMs, 3 * DayMs, 7 * DayMs, 0, SecondMs,
    ];

    private static readonly ImmutableArray<string> Texts = ["1m", "3m", "5m", "15m", "30m", "1h", "2h", "4h", "6h", "8h", "12h", "1d", "3d", "1w", "1M", "1s"];

    public static string Text(this CandleInterval interval) => Texts[(int)interval];

    public static bool TryParse(ReadOnlySpan<char> text, out CandleInterval interval)
    {
        for (int i = 0; i < Texts.Length; i++)
        {
            if (text.SequenceEqual(Texts[i]))
            {
                interval = (CandleInterval)i;
                return true;
            }
        }

        interval = default;
        return false;
    }

    /// <summary>Begin of the candle that holds a time; the time is not negative.</summary>
    public static long OpenTimeMs(this CandleInterval interval, long timeMs)
    {
        Invariant.Holds(timeMs >= 0);
        if (interval == CandleInterval.OneMonth)
            return MonthStartDays(MonthOf(timeMs / DayMs)) * DayMs;

        long length = LengthsMs[(int)interval];
        long offset = interval == CandleInterval.OneWeek ? MondayMs - length : 0;
        return (timeMs - offset) / length * length + offset;
    }

    /// <summary>Begin of the candle after the one that begins at <paramref name="openTimeMs"/>.</summary>
    public static long NextOpenTimeMs(this CandleInterval interval, long openTimeMs) => interval == CandleInterval.OneMonth
        ? MonthStartDays(MonthOf(openTimeMs / DayMs) + 1) * DayMs
        : openTimeMs + LengthsMs[(int)interval];

    /// <summary>Begin of the candle <paramref name="count"/> before, not before the epoch's.</summary>
    public static long EarlierOpenTimeMs(this CandleInterval interval, long openTimeMs, int count) => interval == CandleInterval.OneMonth
        ? MonthStartDays(Math.Max(0, MonthOf(openTimeMs / DayMs) - count)) * DayMs
        : Math.Max(interval.OpenTimeMs(0), openTimeMs - count * LengthsMs[(int)interval]);

    /// <summary>Last millisecond of the candle.</summary>
    public static long CloseTimeMs(this CandleInterval interval, long openTimeMs) => interval.NextOpenTimeMs(openTimeMs) - 1;

    /// <summary>Months since January 1970 at a day of the Gregorian calendar, days counted from the epoch.</summary>
    /// <remarks>A guess from the mean length of a month is at most one off.</remarks>
    private static long MonthOf(long day)
    {
        long month = day * 4_800 / 146_097;
        if (MonthStartDays(month) > day)
            return month - 1;
        return MonthStartDays(month + 1) <= day ? month + 1 : month;
    }

    private static long MonthStartDays(long month)
    {
        long year = 1970 + month / 12;
        long monthOfYear = month % 12;
        ReadOnlySpan<int> before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
        bool isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        long last = year - 1;
        long leapDays = last / 4 - last / 100 + last / 400 - 477;   // 477 of them before 1970
        return (year - 1970) * 365 + leapDays + before[(int)monthOfYear] + (isLeap && monthOfYear > 1 ? 1 : 0);
    }
}
