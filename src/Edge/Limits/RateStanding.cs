using System.Globalization;

namespace Exchange.Edge.Limits;

/// <summary>A kind of bucket, as the headers tell it.</summary>
internal sealed class RatePolicy(string name, int perSecond, int burst)
{
    public int PerSecond { get; } = perSecond;

    public int Burst { get; } = burst;

    /// <summary>The value of RateLimit-Limit.</summary>
    public string LimitText { get; } = burst.ToString(CultureInfo.InvariantCulture);

    /// <summary>The value of RateLimit-Policy: so much in the seconds that fill an empty bucket.</summary>
    public string Text { get; } = string.Create(CultureInfo.InvariantCulture, $"\"{name}\";q={burst};w={(burst + perSecond - 1) / perSecond}");
}

/// <summary>Where a client stands after a request.</summary>
/// <param name="Policy">Of the bucket it was taken from; null: none was.</param>
/// <param name="Remaining">What is left in it.</param>
/// <param name="RetryAfterSeconds">0: taken; else refused, and when it would pass.</param>
internal readonly record struct RateStanding(RatePolicy? Policy, long Remaining, int RetryAfterSeconds)
{
    public bool IsTaken => RetryAfterSeconds == 0;

    /// <summary>Seconds until the bucket is full again.</summary>
    public long ResetSeconds => Policy is null ? 0 : (Policy.Burst - Remaining + Policy.PerSecond - 1) / Policy.PerSecond;
}
