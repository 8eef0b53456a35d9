using Exchange.Core.Marks;
using Exchange.Core.Wire;

namespace Exchange.Core.Nodes.Messages;

/// <content>Marks and feeds.</content>
public static partial class NodeMessageCodec
{
    private static void WriteOfMarks(NodeMessage message, SnapshotWriter to)
    {
        switch (message)
        {
            case IndexMessage index:
                to.Write(index.Number);
                to.Write(index.IndexE8);
                break;
            case IndexTakenMessage taken:
                to.Write(taken.Symbol);
                to.Write(taken.Number);
                Write(taken.Reason, to);
                break;
            case SampleMessage sample:
                to.Write(sample.Number);
                to.Write(sample.BidTicks);
                to.Write(sample.AskTicks);
                to.Write(sample.LastTicks);
                to.Write(sample.HasImpact);
                to.WriteStruct(sample.ImpactBid);
                to.WriteStruct(sample.ImpactAsk);
                break;
            case MarkMessage mark:
                to.Write(mark.Symbol);
                to.WriteStruct(mark.Update);
                break;
            case FundingRoundMessage round: to.WriteStruct(round.Round); break;
            case FundingRoundTakenMessage taken: to.Write(taken.RoundId); break;
            case RangeMessage range: to.WriteStruct(range.Range); break;
            case RangeTakenMessage taken:
                to.Write(taken.Symbol);
                to.Write(taken.Epoch);
                to.Write(taken.Number);
                break;
            case WakeMessage wake:
                to.Write(wake.Symbol);
                to.WriteStruct(wake.Update);
                to.WriteStruct(wake.Range);
                break;
            case SetMarkMessage set:
                to.Write(set.Number);
                to.Write(set.Ticks);
                break;
            case SettleFundingMessage settle:
                to.Write(settle.Number);
                to.Write(settle.RateE8);
                break;
            case HandTakenMessage taken:
                to.Write(taken.Symbol);
                to.Write(taken.Number);
                Write(taken.Reason, to);
                break;
        }
    }

    private static NodeMessage ReadOfMarks(NodeMessageKind kind, SnapshotReader from) => kind switch
    {
        NodeMessageKind.Index => new IndexMessage(from.ReadUInt64(), from.ReadInt64()),
        NodeMessageKind.IndexTaken => new IndexTakenMessage(ReadSymbol(from), from.ReadUInt64(), ReadReason(from)),
        NodeMessageKind.Sample => new SampleMessage(
            from.ReadUInt64(), from.ReadInt64(), from.ReadInt64(), from.ReadInt64(), from.ReadBool(), ReadImpact(from), ReadImpact(from)),
        NodeMessageKind.Mark => new MarkMessage(ReadSymbol(from), ReadMark(from)),
        NodeMessageKind.FundingRound => new FundingRoundMessage(from.ReadStruct<FundingRound>()),
        NodeMessageKind.FundingRoundTaken => new FundingRoundTakenMessage(from.ReadInt64()),
        NodeMessageKind.Range => new RangeMessage(from.ReadStruct<PriceRange>()),
        NodeMessageKind.RangeTaken => new RangeTakenMessage(ReadSymbol(from), from.ReadUInt32(), from.ReadUInt64()),
        NodeMessageKind.Wake => new WakeMessage(ReadSymbol(from), ReadMark(from), from.ReadStruct<PriceRange>()),
        NodeMessageKind.SetMark => new SetMarkMessage(from.ReadUInt64(), from.ReadInt64()),
        NodeMessageKind.SettleFunding => new SettleFundingMessage(from.ReadUInt64(), from.ReadInt64()),
        NodeMessageKind.HandTaken => new HandTakenMessage(ReadSymbol(from), from.ReadUInt64(), ReadReason(from)),
        _ => throw Unknown(kind),
    };

    private static MarkUpdate ReadMark(SnapshotReader from)
    {
        MarkUpdate update = from.ReadStruct<MarkUpdate>();
        Check(update.Ticks > 0, "mark", update.Ticks);
        return update;
    }

    private static ImpactDepth ReadImpact(SnapshotReader from)
    {
        ImpactDepth depth = from.ReadStruct<ImpactDepth>();
        Check(depth is { FullLots: >= 0, LastTicks: >= 0, RestE8: >= 0 }, "depth", depth.LastTicks);
        return depth;
    }
}
