using System.Runtime.CompilerServices;
using Exchange.Core.Books;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Wire;

namespace Exchange.Core.Nodes.Messages;

/// <content>Between accounts and books: the order path.</content>
public static partial class NodeMessageCodec
{
    private static void WriteOfBooks(NodeMessage message, SnapshotWriter to)
    {
        switch (message)
        {
            case BatchMessage batch: Write(batch, to); break;
            case RegisterMessage register:
                to.Write(register.Account);
                to.Write(register.Epoch);
                to.Write(register.Applied);
                to.Write(register.Equity0E8);
                to.Write(register.Equity1E8);
                break;
            case AcknowledgeMessage acknowledge:
                to.Write(acknowledge.Account);
                to.Write(acknowledge.Epoch);
                to.WriteStruct(acknowledge.Acknowledgement);
                break;
            case LeaveMessage leave:
                to.Write(leave.Account);
                to.Write(leave.Epoch);
                break;
            case EventsWantedMessage wanted:
                to.Write(wanted.Account);
                to.Write(wanted.Applied);
                break;
            case BatchAnswer answer: Write(answer, to); break;
            case RegisteredMessage registered:
                WriteHead(registered.Symbol, registered.Epoch, registered.Refusal, to);
                to.WriteStructs<OpenOrder>(registered.Orders);
                to.WriteStructs<BookEvent>(registered.Events);
                to.WriteStructs<RememberedOrder>(registered.ClientIds);
                to.Write(registered.UpTo);
                to.WriteStructs<NamedOrder>(registered.Named);
                break;
            case LeftMessage left: WriteHead(left.Symbol, left.Epoch, left.Refusal, to); break;
            case EventsMessage events:
                to.Write(events.Symbol);
                to.WriteStructs<BookEvent>(events.Events);
                to.Write(events.UpTo);
                break;
        }
    }

    private static NodeMessage ReadToBook(NodeMessageKind kind, SnapshotReader from) => kind switch
    {
        NodeMessageKind.Batch => ReadBatch(from),
        NodeMessageKind.Register => new RegisterMessage(
            from.ReadUInt32(), from.ReadUInt32(), from.ReadUInt64(), from.ReadInt64(), from.ReadInt64()),
        NodeMessageKind.Acknowledge => new AcknowledgeMessage(from.ReadUInt32(), from.ReadUInt32(), from.ReadStruct<Acknowledgement>()),
        NodeMessageKind.Leave => new LeaveMessage(from.ReadUInt32(), from.ReadUInt32()),
        NodeMessageKind.EventsWanted => new EventsWantedMessage(from.ReadUInt32(), from.ReadUInt64()),
        _ => throw Unknown(kind),
    };

    private static NodeMessage ReadFromBook(NodeMessageKind kind, SnapshotReader from) => kind switch
    {
        NodeMessageKind.BatchAnswer => ReadAnswer(from),
        NodeMessageKind.Registered => new RegisteredMessage(
            ReadSymbol(from), from.ReadUInt32(), ReadReason(from), ReadOrders(from), ReadEvents(from),
            from.ReadStructs<RememberedOrder>(Limits.ClientIdsPerAccount), from.ReadUInt64()) { Named = ReadNamed(from) },
        NodeMessageKind.Left => new LeftMessage(ReadSymbol(from), from.ReadUInt32(), ReadReason(from)),
        NodeMessageKind.Events => new EventsMessage(ReadSymbol(from), ReadEvents(from), from.ReadUInt64()),
        _ => throw Unknown(kind),
    };

    private static void Write(BatchMessage batch, SnapshotWriter to)
    {
        to.Write(batch.Account);
        to.Write(batch.Epoch);
        to.Write(batch.Batch);
        to.Write(batch.Applied);
        to.WriteStruct(batch.Acknowledgement);
        to.Write(batch.Commands.Length);
        for (int i = 0; i < batch.Commands.Length; i++)
        {
            BookInput command = batch.Commands[i];
            Invariant.Holds(command.Account == batch.Account && command.Epoch == batch.Epoch && command.Batch == batch.Batch);
            Invariant.Holds(command.Index == i && command.Count == batch.Commands.Length);
            BookInputWire.Write(to, in command);
        }

        Invariant.Holds(batch.ClientIds.Length == 0 || batch.ClientIds.Length == batch.Commands.Length);
        to.WriteStructs<ClientOrderId>(batch.ClientIds);
    }

    private static BatchMessage ReadBatch(SnapshotReader from)
    {
        uint account = from.ReadUInt32();
        uint epoch = from.ReadUInt32();
        uint batch = from.ReadUInt32();
        ulong applied = from.ReadUInt64();
        Acknowledgement acknowledgement = from.ReadStruct<Acknowledgement>();
        int count = from.ReadCount(Limits.CommandsPerBatch);
        Check(count > 0 && count <= from.Left / sizeof(ulong), "number of commands", count);
        var commands = new BookInput[count];
        for (int i = 0; i < count; i++)
        {
            commands[i] = BookInputWire.Read(from, account, epoch, batch, (ushort)i, (ushort)count);
            Check(BookInputWire.IsCommand(in commands[i]), "command of an account", (long)commands[i].Kind);
        }

        ClientOrderId[] clientIds = from.ReadStructs<ClientOrderId>(count);
        Check(clientIds.Length == 0 || clientIds.Length == count, "number of client ids", clientIds.Length);
        return new BatchMessage(account, epoch, batch, applied, acknowledgement, commands) { ClientIds = clientIds };
    }

    private static void Write(BatchAnswer answer, SnapshotWriter to)
    {
        WriteHead(answer.Symbol, answer.Epoch, answer.Refusal, to);
        to.Write(answer.Batch);
        to.Write(answer.Outcomes.Length);
        foreach (CommandOutcome outcome in answer.Outcomes)
        {
            Write(outcome.Reason, to);
            to.Write(outcome.OrderId);
        }

        to.WriteStructs<BookEvent>(answer.Events);
        to.Write(answer.UpTo);
    }

    private static BatchAnswer ReadAnswer(SnapshotReader from)
    {
        int symbol = ReadSymbol(from);
        uint epoch = from.ReadUInt32();
        RejectReason refusal = ReadReason(from);
        uint batch = from.ReadUInt32();
        int count = from.ReadCount(Limits.CommandsPerBatch);
        Check(count <= from.Left / sizeof(ulong), "number of outcomes", count);
        var outcomes = new CommandOutcome[count];
        foreach (ref CommandOutcome outcome in outcomes.AsSpan())
            outcome = new CommandOutcome(ReadReason(from), from.ReadUInt64());
        return new BatchAnswer(symbol, epoch, batch, refusal, outcomes, ReadEvents(from), from.ReadUInt64());
    }

    private static void WriteHead(int symbol, uint epoch, RejectReason refusal, SnapshotWriter to)
    {
        to.Write(symbol);
        to.Write(epoch);
        Write(refusal, to);
    }

    private static BookEvent[] ReadEvents(SnapshotReader from)
    {
        BookEvent[] events = from.ReadStructs<BookEvent>(Limits.OutboxPerAccount);
        foreach (ref readonly BookEvent e in events.AsSpan())
        {
            Check(e.Kind is > BookEventKind.None and <= BookEventKind.Settled, "kind of event", (long)e.Kind);
            Check(e.PositionSide <= PositionSide.Short && e.Reason <= EndReason.Bankruptcy, "event", (long)e.Kind);
        }

        return events;
    }

    private static OpenOrder[] ReadOrders(SnapshotReader from)
    {
        OpenOrder[] orders = from.ReadStructs<OpenOrder>(InstrumentLimits.MaxOrders);
        foreach (ref OpenOrder order in orders.AsSpan())
        {
            Check(order.Side <= Side.Sell && order.Type <= OrderType.TrailingStopMarket, "type of order", (long)order.Type);
            Check(order.TimeInForce <= TimeInForce.Gtd && order.Stp <= SelfTradePrevention.ExpireBoth, "order", (long)order.Type);
            Check(order.PositionSide <= PositionSide.Short, "position side", (long)order.PositionSide);
            Check(IsTruth(ref order.IsWaiting), "truth value", 0);
        }

        return orders;
    }

    private static NamedOrder[] ReadNamed(SnapshotReader from)
    {
        NamedOrder[] orders = from.ReadStructs<NamedOrder>(Limits.OutboxPerAccount);
        foreach (ref readonly NamedOrder order in orders.AsSpan())
            Check(BookInputWire.AreTerms(in order.Terms), "terms", (long)order.Terms.Type);
        return orders;
    }

    /// <summary>A byte other than 0 and 1 is no truth value: code may take it for both.</summary>
    private static bool IsTruth(ref bool value) => Unsafe.As<bool, byte>(ref value) <= 1;
}
