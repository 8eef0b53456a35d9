using System.Text;
using Exchange.Core;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Wire;

namespace Exchange.Grains.Interfaces;

/// <summary>Replies and orders as bytes between silos.</summary>
internal static class CommandReplyWire
{
    public static void Write(CommandReply reply, SnapshotWriter to)
    {
        to.WriteStruct((ushort)reply.Reason);
        to.Write(reply.Sequence);
        to.Write(reply.TimeMs);
        to.Write(reply.IsRepeat);
        to.Write(reply.CanceledCount);
        to.Write(reply.LimitValue);
        to.Write(reply.Order is not null);
        if (reply.Order is { } order)
            Write(order, to);
        to.WriteStructs<FillView>(reply.Fills.ToArray());
    }

    public static CommandReply Read(SnapshotReader from)
    {
        var reply = new CommandReply
        {
            Reason = (RejectReason)from.ReadStruct<ushort>(),
            Sequence = from.ReadUInt64(),
            TimeMs = from.ReadInt64(),
            IsRepeat = from.ReadBool(),
            CanceledCount = from.ReadInt32(),
            LimitValue = from.ReadInt64(),
            Order = from.ReadBool() ? ReadOrder(from) : null,
        };
        reply.Fills.AddRange(from.ReadStructs<FillView>(from.Left));
        return reply;
    }

    public static void Write(OrderView order, SnapshotWriter to)
    {
        to.Write(order.OrderId);
        to.Write(order.Account);
        to.Write(order.Symbol);
        to.WriteStruct(ClientOrderId.From(Encoding.ASCII.GetBytes(order.ClientOrderId)));
        to.WriteStruct((order.Side, order.Type, order.TimeInForce, order.Stp));
        to.WriteStruct((order.PositionSide, order.Flags, order.Status, order.Reason));
        to.Write(order.PriceTicks);
        to.Write(order.StopTicks);
        to.Write(order.ActivationTicks);
        to.Write(order.CallbackRateE8);
        to.Write(order.GtdMs);
        to.Write(order.TotalLots);
        to.Write(order.FilledLots);
        to.Write(order.FilledNotionalE8);
        to.Write(order.CreatedMs);
        to.Write(order.UpdatedMs);
    }

    public static OrderView ReadOrder(SnapshotReader from)
    {
        ulong orderId = from.ReadUInt64();
        uint account = from.ReadUInt32();
        int symbol = from.ReadInt32();
        string clientId = from.ReadStruct<ClientOrderId>().Text();
        var (side, type, timeInForce, stp) = from.ReadStruct<(Side, OrderType, TimeInForce, SelfTradePrevention)>();
        var (positionSide, flags, status, reason) = from.ReadStruct<(PositionSide, OrderFlags, OrderStatus, EndReason)>();
        return new OrderView(
            orderId, account, symbol, clientId, side, type, timeInForce, stp, positionSide, flags, from.ReadInt64(), from.ReadInt64(),
            from.ReadInt64(), from.ReadInt32(), from.ReadInt64(), from.ReadInt64(), from.ReadInt64(), from.ReadInt128(), status, reason,
            from.ReadInt64(), from.ReadInt64());
    }
}
