using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Exchange.Core;
using Exchange.Core.Accounts;
using Exchange.Core.Books;
using Exchange.Core.Port;
using Exchange.Simulation.Clients;
using Exchange.Simulation.Networks;
using Exchange.Simulation.Worlds;

namespace Exchange.Simulation.Accounts;

/// <content>What a mutant leaves out, undone from outside: the machine has no switches for it.</content>
internal sealed partial class Activation
{
    // A symbol in a write: id, leverage, margin mode, two legs of three numbers, last event, on the list.
    private const int SymbolBytes = 4 + 4 + 1 + 24 + 24 + 8 + 1;
    private byte[]? _lastState;
    private readonly Dictionary<int, (uint Batch, int Count)> _sentBatches = [];

    private BatchAnswer Renumbered(BatchAnswer answer)
    {
        if (_world.Mutant != Mutant.NoEventNumbers || answer.Epoch != _epoch)
            return answer;
        BookEvent[] events = Renumbered(answer.Symbol, answer.Events);
        return answer with { Events = events, UpTo = Link.Account.LastEventOf(answer.Symbol) + (ulong)events.Length };
    }

    private EventsMessage Renumbered(EventsMessage message) =>
        _world.Mutant == Mutant.NoEventNumbers ? message with { Events = Renumbered(message.Symbol, message.Events) } : message;

    private BatchAnswer Renamed(BatchAnswer answer)
    {
        if (_world.Mutant != Mutant.AnswersAreNotNamed || !_sentBatches.TryGetValue(answer.Symbol, out (uint Batch, int Count) sent)
            || answer.Outcomes.Length < sent.Count)
            return answer;
        return answer with { Epoch = _epoch, Batch = sent.Batch };
    }

    private BookEvent[] Renumbered(int symbol, BookEvent[] events)
    {
        var renumbered = (BookEvent[])events.Clone();
        ulong last = Link.Account.LastEventOf(symbol);
        for (int i = 0; i < renumbered.Length; i++)
            renumbered[i].Number = last + (ulong)i + 1;
        return renumbered;
    }

    private void ForgetWhatWasSpent()
    {
        ReadOnlySpan<OpenClose> known = Link.Account.OpenCloses;
        Span<OpenClose> closes = MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(known), known.Length);
        foreach (ref OpenClose close in closes)
        {
            close.SpentE8 = 0;
            close.EarnedE8 = 0;
            close.IsKnown = false;
        }
    }

    private bool IsRefusedByChecks(CommandMessage message)
    {
        if (message.Command.Kind != CommandKind.Place)
            return false;
        RejectReason reason = Link.Account.JudgePlace(message.Command.Terms, _market, NowMs);
        if (reason == RejectReason.None)
            return false;
        Reply(message.Number, reason, 0, isRepeat: false);
        return true;
    }

    private void ReserveTooEarly()
    {
        MarginAccount account = Link.Account;
        if (!account.IsInLiquidation || Link.IsRecovering)
            return;
        LiquidationStep step = account.NextLiquidationStep(_market);
        if (step.Kind is LiquidationStepKind.Reserve or LiquidationStepKind.ReserveDebt)
            SendTo(_world.ClearingId, new ReserveMessage(_node.Account, step.Liquidation, step.Step, step.AmountE8));
    }

    /// <summary>The money of now beside the positions of the write before.</summary>
    private byte[] WithPositionsOfLastWrite(byte[] state)
    {
        byte[]? last = _lastState;
        _lastState = state;
        int count = SymbolCount(state);
        if (last is null || count == 0 || SymbolCount(last) != count)
            return state;
        int tail = count * SymbolBytes;
        return [.. state[..^tail], .. last[^tail..]];
    }

    /// <summary>Symbols stand at the end, after their count.</summary>
    private static int SymbolCount(byte[] state)
    {
        for (int count = World.BookCount; count > 0; count--)
        {
            int at = state.Length - count * SymbolBytes - sizeof(int);
            if (at >= 0 && BinaryPrimitives.ReadInt32LittleEndian(state.AsSpan(at)) == count)
                return count;
        }

        return 0;
    }
}
