using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Exchange.Core;
using Exchange.Core.Accounts;
using Exchange.Core.Books;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Simulation.Worlds;

namespace Exchange.Simulation.Hosts;

/// <content>What a mutant leaves out, undone from outside: nodes and machines have no switches for it.</content>
internal sealed partial class AccountActivation
{
    // A symbol in a write: id, leverage, margin mode, two legs of three numbers, last event, on the list.
    private const int SymbolBytes = 4 + 4 + 1 + 24 + 24 + 8 + 1;
    private byte[]? _lastState;
    private ulong _lastWrite;
    private ulong _toldWrite;
    private readonly Dictionary<int, ulong> _acknowledged = [];

    private NodeMessage Mutated(NodeMessage message) => message switch
    {
        BatchAnswer answer when World.Mutant == Mutant.NoEventNumbers && answer.Epoch == Epoch => Renumbered(answer),
        BatchAnswer answer when World.Mutant == Mutant.AnswersAreNotNamed => Renamed(answer),
        EventsMessage events when World.Mutant == Mutant.NoEventNumbers => events with { Events = Renumbered(events.Symbol, events.Events) },
        CommandsMessage commands when World.Mutant == Mutant.RingAfterChecks && Node.IsStarted => WithoutRing(commands),
        _ => message,
    };

    private void AfterInput()
    {
        if (World.Mutant == Mutant.None || !Acts || !Node.IsStarted)
            return;
        if (World.Mutant == Mutant.LiquidationNotWrittenBeforeReserve)
            ReserveTooEarly();
        else if (World.Mutant == Mutant.NoWaitForAccountWrite)
            TellWrites();
        else if (World.Mutant == Mutant.AcknowledgedBeforeWrite)
            AcknowledgeTooEarly();
    }

    private BatchAnswer Renumbered(BatchAnswer answer)
    {
        BookEvent[] events = Renumbered(answer.Symbol, answer.Events);
        return answer with { Events = events, UpTo = Node.Link.Account.LastEventOf(answer.Symbol) + (ulong)events.Length };
    }

    private BookEvent[] Renumbered(int symbol, BookEvent[] events)
    {
        var renumbered = (BookEvent[])events.Clone();
        ulong last = Node.Link.Account.LastEventOf(symbol);
        for (int i = 0; i < renumbered.Length; i++)
            renumbered[i].Number = last + (ulong)i + 1;
        return renumbered;
    }

    private BatchAnswer Renamed(BatchAnswer answer) =>
        World.TryGetSentBatch(Place.Id, answer.Symbol, out BatchMessage? sent) && sent.Epoch == Epoch && answer.Outcomes.Length >= sent.Commands.Length
            ? answer with { Epoch = Epoch, Batch = sent.Batch }
            : answer;

    private void ForgetWhatWasSpent()
    {
        ReadOnlySpan<OpenClose> known = Node.Link.Account.OpenCloses;
        Span<OpenClose> closes = MemoryMarshal.CreateSpan(ref MemoryMarshal.GetReference(known), known.Length);
        foreach (ref OpenClose close in closes)
        {
            close.SpentE8 = 0;
            close.EarnedE8 = 0;
            close.IsKnown = false;
        }
    }

    /// <summary>An order that the checks refuse is none that the ring may know.</summary>
    private CommandsMessage WithoutRing(CommandsMessage message)
    {
        Command[] commands = [.. message.Commands];
        foreach (ref Command command in commands.AsSpan())
        {
            if (command.Kind == CommandKind.Place && Node.Link.Account.JudgePlace(command.Terms, Market, NowMs) != RejectReason.None)
                command.Terms.Flags &= ~OrderFlags.ReturnRepeats;
        }

        return message with { Commands = commands };
    }

    private void ReserveTooEarly()
    {
        MarginAccount account = Node.Link.Account;
        if (!account.IsInLiquidation || Node.Link.IsRecovering)
            return;
        LiquidationStep step = account.NextLiquidationStep(Market);
        if (step.Kind is LiquidationStepKind.Reserve or LiquidationStepKind.ReserveDebt)
            SendNow(NodeId.Clearing, new ReserveMessage(Node.Account, step.Liquidation, step.Step, step.AmountE8));
    }

    private void TellWrites()
    {
        while (_toldWrite != _lastWrite && Acts)
        {
            _toldWrite = _lastWrite;
            Node.OnWritten(_toldWrite);
        }
    }

    private void AcknowledgeTooEarly()
    {
        for (int i = 0; i < Node.Link.Account.SymbolCount; i++)
        {
            int symbol = Node.Link.Account.SymbolAt(i);
            ulong applied = Node.Link.Account.LastEventOf(symbol);
            if (applied == _acknowledged.GetValueOrDefault(symbol))
                continue;
            _acknowledged[symbol] = applied;
            SendNow(NodeId.Book(symbol), new AcknowledgeMessage(Node.Account, Epoch, new Acknowledgement(applied, 0, 0)));
        }
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
    private int SymbolCount(byte[] state)
    {
        for (int count = World.Instruments.Length; count > 0; count--)
        {
            int at = state.Length - count * SymbolBytes - sizeof(int);
            if (at >= 0 && BinaryPrimitives.ReadInt32LittleEndian(state.AsSpan(at)) == count)
                return count;
        }

        return 0;
    }
}
