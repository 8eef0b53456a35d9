using System.Numerics;
using System.Runtime.CompilerServices;
using Exchange.Core.Accounts;
using Exchange.Core.Books;

namespace Exchange.Core;

// One word for everything the engine has ever said (docs/decisions/0003-hash-of-outputs.md).
public sealed partial class Engine
{
    private const ulong First = 0x9e3779b97f4a7c15UL;
    private const ulong Second = 0xc2b2ae3d27d4eb4fUL;

    /// <summary>Hash of all outputs so far: goes into the journal now and then, so that recovery can tell that it is the same engine.</summary>
    public ulong OutputHash { get; private set; } = 0xcbf29ce484222325UL;

    /// <summary>Folds the answer, the events with what they did to their accounts, and the levels.</summary>
    private void FoldOutput(EngineOutput output)
    {
        unchecked
        {
            ulong h = Mix(OutputHash, output.OrderId + Turned((ulong)output.LimitValue, 23), (ulong)output.Reason + (output.IsRepeat ? 1UL << 32 : 0));
            foreach (ref readonly EngineEvent e in output.Events)
                h = Mix(h, Words(in e), Words(in e.Change));
            foreach (ref readonly LevelChange level in output.Levels)
                h = Mix(h, (ulong)level.PriceTicks + Turned((ulong)level.Symbol, 48), (ulong)level.Lots + Turned((ulong)level.Side, 63));
            OutputHash = h;
        }
    }

    // Additions of words turned differently: they run side by side, and one multiplication an event is waited for. It tells apart
    // what differs by accident.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Words(in EngineEvent e)
    {
        unchecked
        {
            ref readonly BookEvent book = ref e.Book;
            ulong small = (ulong)e.Kind | (ulong)book.Kind << 8 | (ulong)book.Flags << 16 | (ulong)book.Reason << 24
                | (ulong)book.PositionSide << 32 | (ulong)(uint)e.Symbol << 40;
            return small + Turned(book.Number, 5) + Turned(book.Account, 11) + Turned(book.OrderId, 17) + Turned((ulong)book.PriceTicks, 23)
                + Turned((ulong)book.Lots, 29) + Turned((ulong)book.LeavesLots, 35) + Turned(book.OtherId, 41)
                + Turned((ulong)book.Amount, 47) + Turned((ulong)book.TimeMs, 53) + Turned((ulong)book.MarkTicks, 59);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Words(in AccountChange change)
    {
        unchecked
        {
            return (ulong)change.WalletE8 + Turned((ulong)change.WalletDeltaE8, 7) + Turned((ulong)change.FeeE8, 14)
                + Turned((ulong)change.RealisedE8, 21) + Turned((ulong)change.PositionLots, 28) + Turned((ulong)change.CostE8, 35)
                + Turned((ulong)change.IsolatedE8, 42) + Turned((ulong)change.OrderTotalLots, 49) + (change.IsPositionChanged ? 1UL << 56 : 0);
        }
    }

    private static ulong Turned(ulong word, int by) => BitOperations.RotateLeft(word, by);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong h, ulong a, ulong b)
    {
        unchecked
        {
            h = (h ^ a) * First + b * Second;
            return h ^ (h >> 29);
        }
    }
}
