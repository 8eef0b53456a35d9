using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Wire;

namespace Exchange.Core.Nodes.Messages;

/// <content>Clients and the operator.</content>
public static partial class NodeMessageCodec
{
    /// <summary>Commands that one message of a client may carry.</summary>
    public const int MostCommands = 4_096;

    private static void WriteOfClients(NodeMessage message, SnapshotWriter to)
    {
        switch (message)
        {
            case InstrumentMessage instrument: InstrumentWire.Write(to, instrument); break;
            case InstrumentTakenMessage taken:
                Write(taken.From, to);
                to.Write(taken.Version);
                Write(taken.Reason, to);
                break;
            case SessionMessage session:
                to.Write(session.Account);
                to.Write(session.Session);
                to.Write(session.Next);
                break;
            case CommandsMessage commands:
                to.Write(commands.Session);
                to.Write(commands.First);
                to.Write(commands.Answered);
                to.Write(commands.Commands.Length);
                for (int i = 0; i < commands.Commands.Length; i++)
                    WordPack.Write(to, ref commands.Commands[i]);
                break;
            case RepliesMessage replies:
                to.Write(replies.Account);
                to.Write(replies.Session);
                to.Write(replies.Answers.Length);
                foreach (CommandAnswer answer in replies.Answers)
                {
                    to.Write(answer.Number);
                    to.Write(answer.OrderId);
                    Write(answer.Reason, to);
                    to.Write(answer.IsRepeat);
                }

                break;
            default:
                break; // Hello says nothing more.
        }
    }

    private static NodeMessage ReadOfClients(NodeMessageKind kind, SnapshotReader from) => kind switch
    {
        NodeMessageKind.Instrument => InstrumentWire.Read(from),
        NodeMessageKind.InstrumentTaken => new InstrumentTakenMessage(ReadNode(from), from.ReadUInt64(), ReadReason(from)),
        NodeMessageKind.Hello => new HelloMessage(),
        NodeMessageKind.Session => new SessionMessage(from.ReadUInt32(), from.ReadUInt64(), from.ReadUInt64()),
        NodeMessageKind.Commands => new CommandsMessage(from.ReadUInt64(), from.ReadUInt64(), from.ReadUInt64(), ReadCommands(from)),
        NodeMessageKind.Replies => new RepliesMessage(from.ReadUInt32(), from.ReadUInt64(), ReadAnswers(from)),
        _ => throw Unknown(kind),
    };

    private static Command[] ReadCommands(SnapshotReader from)
    {
        int count = from.ReadCount(MostCommands);
        Check(count > 0 && count <= from.Left / sizeof(uint), "number of commands", count);
        var commands = new Command[count];
        for (int i = 0; i < count; i++)
        {
            commands[i] = WordPack.Read<Command>(from);
            Check(IsSound(ref commands[i]), "command", (long)commands[i].Kind);
        }

        return commands;
    }

    /// <summary>Whether all its values exist; whether they make sense together is for the account to judge.</summary>
    private static bool IsSound(ref Command command)
    {
        ref readonly OrderTerms terms = ref command.Terms;
        return command.Kind is > CommandKind.None and <= CommandKind.Time
            && command.State <= TradingState.Settled
            && command.MarginMode <= MarginMode.Isolated
            && command.PositionSide <= PositionSide.Short
            && IsTruth(ref command.Hedge)
            && terms.Side <= Side.Sell
            && terms.Type <= OrderType.TrailingStopMarket
            && terms.TimeInForce <= TimeInForce.Gtd
            && terms.Stp <= SelfTradePrevention.ExpireBoth
            && terms.PositionSide <= PositionSide.Short;
    }

    private static CommandAnswer[] ReadAnswers(SnapshotReader from)
    {
        int count = from.ReadCount(MostCommands);
        Check(count <= from.Left / sizeof(ulong), "number of answers", count);
        var answers = new CommandAnswer[count];
        foreach (ref CommandAnswer answer in answers.AsSpan())
            answer = new CommandAnswer(from.ReadUInt64(), from.ReadUInt64(), ReadReason(from), from.ReadBool());
        return answers;
    }
}
