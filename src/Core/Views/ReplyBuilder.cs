using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Core.Views;

/// <summary>Makes the replies to commands, off the engine's thread.</summary>
/// <param name="views">Where orders are looked up; they have applied the command's own input and none after it.</param>
public sealed class ReplyBuilder(VenueViews views)
{
    /// <summary>The reply to one command.</summary>
    /// <param name="command">What was asked.</param>
    /// <param name="record">What the engine noted of it.</param>
    /// <param name="events">The feed events of the same input.</param>
    public CommandReply Build(in Command command, in ReplyRecord record, ReadOnlySpan<FeedEvent> events)
    {
        var reply = new CommandReply
        {
            Reason = record.Reason,
            Sequence = record.Sequence,
            TimeMs = record.TimeMs,
            IsRepeat = record.IsRepeat,
            LimitValue = record.LimitValue,
        };
        if (record.OrderId != 0)
            reply.Order = views.FindOrder(command.Account, record.OrderId) ?? (record.IsRepeat ? Repeated(in command, record.OrderId, in record.Outcome) : null);
        if (record.IsRepeat && reply.Order is { } first)
            reply.Fills.AddRange(views.FillsAtEntry(first));
        foreach (ref readonly FeedEvent e in events)
        {
            if (e.Account != command.Account)
                continue;
            if (e.Kind == FeedKind.Fill && e.Id != 0 && e.Id == record.OrderId)
                reply.Fills.Add(FillView.Of(in e));
            else if (command.Kind == CommandKind.CancelAll && e is { Kind: FeedKind.OrderUpdated, Reason: (byte)EndReason.User })
                reply.CanceledCount++;
        }

        return reply;
    }

    /// <summary>An order only the book remembers: it repeats the command's terms, so these are its own.</summary>
    internal static OrderView Repeated(in Command command, ulong orderId, in OrderOutcome outcome)
    {
        ref readonly OrderTerms terms = ref command.Terms;
        return new OrderView(
            orderId, command.Account, terms.Symbol, command.ClientId.Text(), terms.Side, terms.Type, terms.TimeInForce, terms.Stp,
            terms.PositionSide, terms.Flags, terms.PriceTicks, terms.StopTicks, terms.ActivationTicks, terms.CallbackRateE8, terms.GtdMs,
            terms.Lots, outcome.Order.FilledLots, FilledNotionalE8: 0, outcome.Status, outcome.Reason, CreatedMs: 0, UpdatedMs: 0);
    }
}
