using System.Runtime.InteropServices;
using Exchange.Core.Port;

namespace Exchange.Core.Views;

/// <summary>A funding round, numbered by its settlement time.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct StoredFunding : INumbered
{
    public ulong RoundMs;
    public long RateE8;
    public long MarkTicks;

    public readonly ulong Number => RoundMs;

    public static FundingView View(StoredFunding round) => new((long)round.RoundMs, round.RateE8, round.MarkTicks);
}
