using System.Text;
using Exchange.Core.Books;
using Exchange.Core.Nodes.Messages;
using Exchange.Simulation.Clients;

namespace Exchange.Simulation.Networks;

/// <summary>Messages for a person to read.</summary>
internal static class MessageText
{
    public static void Append(StringBuilder text, NodeMessage message)
    {
        switch (message)
        {
            case BatchMessage batch:
                text.Append($"account {batch.Account} ({batch.Epoch}, {batch.Batch}) applied {batch.Applied} durable {batch.Acknowledgement.Number}");
                Append(text, batch.Commands, Text);
                break;
            case BatchAnswer answer:
                text.Append($"({answer.Epoch}, {answer.Batch}) {answer.Refusal} up to {answer.UpTo}");
                Append(text, answer.Outcomes, outcome => $"{outcome.Reason} {outcome.OrderId}");
                Append(text, answer.Events, Text);
                break;
            case RegisteredMessage registered:
                text.Append($"epoch {registered.Epoch} {registered.Refusal} up to {registered.UpTo}");
                Append(text, registered.Orders, order => $"order {order.OrderId} {order.Side} {order.LeavesLots} @ {order.PriceTicks}");
                Append(text, registered.Events, Text);
                break;
            case EventsMessage events:
                text.Append($"of symbol {events.Symbol} up to {events.UpTo}");
                Append(text, events.Events, Text);
                break;
            case CommandsMessage commands:
                text.Append($"({commands.Session:x}, {commands.First})");
                Append(text, commands.Commands, command => new ClientCommand(command, 0).ToString());
                break;
            case RepliesMessage replies:
                text.Append($"({replies.Session:x})");
                Append(text, replies.Answers, answer => $"{answer.Number}: {answer.Reason} {answer.OrderId}");
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
