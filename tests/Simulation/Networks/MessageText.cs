using System.Text;
using Exchange.Core.Books;
using Exchange.Simulation.Clients;

namespace Exchange.Simulation.Networks;

/// <summary>Messages for a person to read.</summary>
internal static class MessageText
{
    public static void Append(StringBuilder text, Message message)
    {
        switch (message)
        {
            case BatchMessage batch:
                text.Append($"account {batch.Account} ({batch.Epoch}, {batch.Batch}) applied {batch.Applied}");
                Append(text, batch.Commands, Text);
                break;
            case BatchAnswer answer:
                text.Append($"({answer.Epoch}, {answer.Batch}) {answer.Refusal} up to {answer.UpTo}");
                Append(text, answer.Outcomes, outcome => $"{outcome.Reason} {outcome.OrderId}");
                Append(text, answer.Events, Text);
                break;
            case RegisterMessage register:
                text.Append($"{Text(register.Input)} applied {register.Applied}");
                break;
            case RegisteredMessage registered:
                text.Append($"epoch {registered.Epoch} {registered.Refusal} up to {registered.UpTo}");
                Append(text, registered.Orders, order => $"order {order.OrderId} {order.Side} {order.LeavesLots} @ {order.PriceTicks}");
                Append(text, registered.Events, Text);
                break;
            case EventsMessage events:
                text.Append($"of symbol {events.Symbol}");
                Append(text, events.Events, Text);
                break;
            case AcknowledgeMessage acknowledge:
                text.Append(Text(acknowledge.Input));
                break;
            case LeaveMessage leave:
                text.Append(Text(leave.Input));
                break;
            case CommandMessage command:
                text.Append($"({command.Session}, {command.Number}) {new ClientCommand(command.Command, 0)}");
                break;
            default:
                text.Append(message);
                break;
        }
    }

    public static string Text(BookInput input) => input.Kind switch
    {
        BookInputKind.Place => $"Place {input.Terms.ClientKey.Low} {input.Terms.Type} {input.Terms.Side} {input.Terms.Lots}"
            + $" @ {input.Terms.PriceTicks} {input.Terms.Flags}",
        BookInputKind.Amend => $"Amend {input.OrderId} {input.Lots} @ {input.PriceTicks}",
        BookInputKind.Cancel => $"Cancel {input.OrderId} {input.Reason}",
        BookInputKind.Close or BookInputKind.CloseFull =>
            $"{input.Kind} ({input.Liquidation}, {input.Step}) {input.Lots} @ {input.BankruptcyTicks} grant {input.Amount} as of {input.Number}",
        BookInputKind.Acknowledge => $"Acknowledge account {input.Account} epoch {input.Epoch} up to {input.Number}",
        _ => $"{input.Kind} account {input.Account} epoch {input.Epoch}",
    };

    public static string Text(BookEvent e) =>
        $"#{e.Number} {e.Kind} {e.OrderId} {(e.Has(BookEventFlags.Sell) ? "sell" : "buy")} {e.Lots} @ {e.PriceTicks}"
        + $" leaves {e.LeavesLots} {e.Reason} amount {e.Amount}";

    private static void Append<T>(StringBuilder text, T[] items, Func<T, string> describe)
    {
        text.Append(" [");
        for (int i = 0; i < items.Length; i++)
            text.Append(i == 0 ? "" : "; ").Append(describe(items[i]));
        text.Append(']');
    }
}
