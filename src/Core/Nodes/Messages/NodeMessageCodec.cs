using System.Diagnostics;
using Exchange.Core.Accounts;
using Exchange.Core.Wire;

namespace Exchange.Core.Nodes.Messages;

/// <summary>The one form of messages between processes: a version, then little-endian numbers and structs as they stand in memory.</summary>
/// <remarks>
/// Between two nodes of one process a message travels as the object it is. Every count is checked before memory is taken for it, and
/// every kind and flag before a machine may see it; whether the content is true is the machines' business.
/// </remarks>
public static partial class NodeMessageCodec
{
    /// <summary>First byte of everything; a change of any message's form raises it.</summary>
    public const byte Version = 2;

    /// <summary>Messages that one batch of a link may carry.</summary>
    public const int MostEnvelopes = 65_536;

    public static void Encode(NodeMessage message, SnapshotWriter to)
    {
        to.Write(Version);
        Write(message, to);
    }

    /// <exception cref="NodeMessageException">The bytes are no message of this version.</exception>
    public static NodeMessage Decode(ReadOnlyMemory<byte> bytes) => Decode(bytes, static reader => Read(reader));

    /// <summary>Encodes all that one call of a link carries.</summary>
    public static void Encode(ReadOnlySpan<NodeEnvelope> envelopes, SnapshotWriter to)
    {
        Invariant.Holds(envelopes.Length <= MostEnvelopes);
        to.Write(Version);
        to.Write(envelopes.Length);
        foreach (ref readonly NodeEnvelope envelope in envelopes)
        {
            Write(envelope.From, to);
            Write(envelope.To, to);
            Write(envelope.Message, to);
        }
    }

    /// <exception cref="NodeMessageException">The bytes are no batch of this version.</exception>
    public static NodeEnvelope[] DecodeBatch(ReadOnlyMemory<byte> bytes) => Decode(bytes, static reader =>
    {
        // The shortest envelope bounds what the bytes can hold, whatever they say.
        int count = reader.ReadCount(Math.Min(MostEnvelopes, reader.Left / ShortestEnvelope));
        var envelopes = new NodeEnvelope[count];
        foreach (ref NodeEnvelope envelope in envelopes.AsSpan())
            envelope = new NodeEnvelope(ReadNode(reader), ReadNode(reader), Read(reader));
        return envelopes;
    });

    private const int ShortestEnvelope = 2 * (sizeof(byte) + sizeof(uint)) + sizeof(byte);

    private static T Decode<T>(ReadOnlyMemory<byte> bytes, Func<SnapshotReader, T> read)
    {
        try
        {
            var reader = new SnapshotReader(bytes);
            byte version = reader.ReadByte();
            if (version != Version)
                throw new NodeMessageException($"Messages of version {version} are not known here, {Version} is.");
            T content = read(reader);
            return reader.IsAtEnd ? content : throw new NodeMessageException($"{reader.Left} bytes follow the last message.");
        }
        catch (SnapshotException bad)
        {
            throw new NodeMessageException($"No message of version {Version}: {bad.Message}", bad);
        }
    }

    private static void Write(NodeId node, SnapshotWriter to)
    {
        to.Write((byte)node.Kind);
        to.Write(node.Key);
    }

    private static NodeId ReadNode(SnapshotReader from)
    {
        byte kind = from.ReadByte();
        Check(kind is >= (byte)NodeKind.Book and <= (byte)NodeKind.Operator, "kind of node", kind);
        return new NodeId((NodeKind)kind, from.ReadUInt32());
    }

    private static void Write(NodeMessage message, SnapshotWriter to)
    {
        to.Write((byte)message.Kind);
        switch (message)
        {
            case BatchMessage or RegisterMessage or AcknowledgeMessage or LeaveMessage or EventsWantedMessage
                or BatchAnswer or RegisteredMessage or LeftMessage or EventsMessage: WriteOfBooks(message, to); break;
            case IndexMessage or IndexTakenMessage or SampleMessage or MarkMessage or FundingRoundMessage or FundingRoundTakenMessage
                or RangeMessage or RangeTakenMessage or WakeMessage or SetMarkMessage or SettleFundingMessage
                or HandTakenMessage: WriteOfMarks(message, to); break;
            case ReserveMessage or GrantedMessage or SettleMessage or SettledMessage or TotalsMessage or RemaindersMessage
                or ReportTakenMessage or SeedMessage or SeedTakenMessage: WriteOfClearing(message, to); break;
            case InstrumentMessage or InstrumentTakenMessage or HelloMessage or SessionMessage or CommandsMessage
                or RepliesMessage: WriteOfClients(message, to); break;
            default: throw new UnreachableException($"Message {message.Kind}.");
        }
    }

    private static NodeMessage Read(SnapshotReader from)
    {
        var kind = (NodeMessageKind)from.ReadByte();
        return kind switch
        {
            >= NodeMessageKind.Batch and <= NodeMessageKind.EventsWanted => ReadToBook(kind, from),
            >= NodeMessageKind.BatchAnswer and <= NodeMessageKind.Events => ReadFromBook(kind, from),
            >= NodeMessageKind.Index and <= NodeMessageKind.HandTaken => ReadOfMarks(kind, from),
            >= NodeMessageKind.Reserve and <= NodeMessageKind.SeedTaken => ReadOfClearing(kind, from),
            >= NodeMessageKind.Instrument and <= NodeMessageKind.Replies => ReadOfClients(kind, from),
            _ => throw Unknown(kind),
        };
    }

    private static void WriteOfClearing(NodeMessage message, SnapshotWriter to)
    {
        switch (message)
        {
            case ReserveMessage reserve:
                WriteStep(reserve.Account, reserve.Liquidation, reserve.Step, to);
                to.Write(reserve.MostE8);
                break;
            case GrantedMessage granted:
                to.Write(granted.Liquidation);
                to.Write(granted.Step);
                to.Write(granted.GrantE8);
                break;
            case SettleMessage settle:
                WriteStep(settle.Account, settle.Liquidation, settle.Step, to);
                to.Write(settle.SpentE8);
                to.Write(settle.EarnedE8);
                break;
            case SettledMessage settled:
                to.Write(settled.Liquidation);
                to.Write(settled.Step);
                break;
            case TotalsMessage totals:
                to.Write(totals.Account);
                to.Write(totals.Number);
                to.WriteStruct(totals.Totals);
                break;
            case RemaindersMessage remainders:
                to.Write(remainders.Symbol);
                to.Write(remainders.Number);
                to.Write(remainders.RemaindersE8);
                break;
            case ReportTakenMessage taken: to.Write(taken.Number); break;
            case SeedMessage seed:
                to.Write(seed.Number);
                to.Write(seed.AmountE8);
                break;
            case SeedTakenMessage taken:
                to.Write(taken.Number);
                Write(taken.Reason, to);
                break;
        }
    }

    private static NodeMessage ReadOfClearing(NodeMessageKind kind, SnapshotReader from) => kind switch
    {
        NodeMessageKind.Reserve => new ReserveMessage(from.ReadUInt32(), from.ReadUInt64(), from.ReadUInt32(), ReadMoney(from)),
        NodeMessageKind.Granted => new GrantedMessage(from.ReadUInt64(), from.ReadUInt32(), ReadMoney(from)),
        NodeMessageKind.Settle => new SettleMessage(
            from.ReadUInt32(), from.ReadUInt64(), from.ReadUInt32(), ReadMoney(from), ReadMoney(from)),
        NodeMessageKind.Settled => new SettledMessage(from.ReadUInt64(), from.ReadUInt32()),
        NodeMessageKind.Totals => new TotalsMessage(from.ReadUInt32(), from.ReadUInt64(), from.ReadStruct<AccountTotals>()),
        NodeMessageKind.Remainders => new RemaindersMessage(ReadSymbol(from), from.ReadUInt64(), from.ReadInt64()),
        NodeMessageKind.ReportTaken => new ReportTakenMessage(from.ReadUInt64()),
        NodeMessageKind.Seed => new SeedMessage(from.ReadUInt64(), from.ReadInt64()),
        NodeMessageKind.SeedTaken => new SeedTakenMessage(from.ReadUInt64(), ReadReason(from)),
        _ => throw Unknown(kind),
    };

    private static void WriteStep(uint account, ulong liquidation, uint step, SnapshotWriter to)
    {
        to.Write(account);
        to.Write(liquidation);
        to.Write(step);
    }

    private static void Write(RejectReason reason, SnapshotWriter to) => to.WriteStruct((ushort)reason);

    private static RejectReason ReadReason(SnapshotReader from)
    {
        ushort reason = from.ReadStruct<ushort>();
        Check(reason <= (ushort)RejectReason.Superseded, "reason", reason);
        return (RejectReason)reason;
    }

    private static int ReadSymbol(SnapshotReader from)
    {
        int symbol = from.ReadInt32();
        Check(symbol is >= 0 and < EngineLimits.MaxSymbols, "symbol", symbol);
        return symbol;
    }

    /// <summary>An amount that is never below zero.</summary>
    private static long ReadMoney(SnapshotReader from)
    {
        long amountE8 = from.ReadInt64();
        Check(amountE8 >= 0, "amount", amountE8);
        return amountE8;
    }

    private static void Check(bool holds, string what, long value)
    {
        if (!holds)
            throw new NodeMessageException($"{value} is no {what}.");
    }

    private static NodeMessageException Unknown(NodeMessageKind kind) => new($"No message is of kind {(byte)kind}.");
}
