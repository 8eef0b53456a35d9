using Exchange.Core.Books;
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
            reply.Order = views.FindOrder(command.Account, record.OrderId) ?? Remembered(in command, in record);
        foreach (ref readonly FeedEvent e in events)
        {
            if (e.Account != command.Account)
                continue;
            if (e.Kind == FeedKind.Fill && e.Id != 0 && e.Id == record.OrderId)
                reply.Fills.Add(StoredFill.From(in e).ToView());
            else if (command.Kind == CommandKind.CancelAll && e is { Kind: FeedKind.OrderUpdated, Reason: (byte)EndReason.User })
                reply.CanceledCount++;
        }

        return reply;
    }

    /// <summary>An order only the book remembers: it repeats the command's terms, so these are its own.</summary>
    private static OrderView? Remembered(in Command command, in ReplyRecord record)
    {
        if (!record.IsRepeat)
            return null;
        ref readonly OrderTerms terms = ref command.Terms;
        ref readonly OpenOrder order = ref record.Outcome.Order;
        return new OrderView(
            record.OrderId, command.Account, terms.Symbol, command.ClientId.Text(), terms.Side, terms.Type, terms.TimeInForce, terms.Stp,
            terms.PositionSide, terms.Flags, terms.PriceTicks, terms.StopTicks, terms.ActivationTicks, terms.CallbackRateE8, terms.GtdMs,
            terms.Lots, order.FilledLots, FilledNotionalE8: 0, record.Outcome.Status, record.Outcome.Reason, CreatedMs: 0, UpdatedMs: 0);
    }
}
