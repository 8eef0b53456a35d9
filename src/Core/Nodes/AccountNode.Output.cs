using System.Diagnostics;
using Exchange.Core.Accounts.Links;
using Exchange.Core.Books;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Port;

namespace Exchange.Core.Nodes;

/// <content>Carries out what the machine wants, in order.</content>
public sealed partial class AccountNode
{
    private void CarryOut()
    {
        _observer?.OnInput(this, Output);
        ReadOnlySpan<AccountMessage> messages = Output.Messages;
        for (int i = 0; i < messages.Length && !IsSteppedDown; i++)
            CarryOut(messages, i);
        SendAnswers();
    }

    private void CarryOut(ReadOnlySpan<AccountMessage> messages, int at)
    {
        ref readonly AccountMessage message = ref messages[at];
        switch (message.Kind)
        {
            case AccountMessageKind.Batch: SendBatch(messages, at); break;
            case AccountMessageKind.Register:
                BookInput register = Output.CommandsOf(in message)[0];
                _host.Send(NodeId.Book(message.Symbol), new RegisterMessage(
                    Account, register.Epoch, register.Number, register.Equity0E8, register.Equity1E8));
                break;
            case AccountMessageKind.Acknowledge:
                if (!RidesAlong(messages[(at + 1)..], message.Symbol))
                    _host.Send(NodeId.Book(message.Symbol), new AcknowledgeMessage(Account, _epoch, AcknowledgementOf(in message)));
                break;
            case AccountMessageKind.Leave: _host.Send(NodeId.Book(message.Symbol), new LeaveMessage(Account, _epoch)); break;
            case AccountMessageKind.AskEvents:
                _host.Send(NodeId.Book(message.Symbol), new EventsWantedMessage(Account, message.Number));
                break;
            case AccountMessageKind.Range: _host.Send(NodeId.Mark(message.Symbol), new RangeMessage(message.Range)); break;
            case AccountMessageKind.Reserve:
                _host.Send(NodeId.Clearing, new ReserveMessage(Account, message.Liquidation, message.Step, message.AmountE8));
                break;
            case AccountMessageKind.Settle:
                _host.Send(NodeId.Clearing, new SettleMessage(
                    Account, message.Liquidation, message.Step, message.AmountE8, message.EarnedE8));
                break;
            case AccountMessageKind.Report:
                _host.Send(NodeId.Clearing, new TotalsMessage(Account, message.Number, message.Totals));
                break;
            case AccountMessageKind.Write:
                _state.Clear();
                Link.Write(_state);
                _host.WriteState(message.Number, _state.Written.Span);
                break;
            case AccountMessageKind.Reply:
                _clientIds.Remove(message.Token);
                Answer(message.Token, message.Reason, message.OrderId, message.IsRepeat);
                break;
            case AccountMessageKind.StepDown:
                IsSteppedDown = true;
                _host.StepDown("a book knows a newer activation");
                break;
            default: throw new UnreachableException($"{Id} wants {message.Kind}.");
        }
    }

    private void SendBatch(ReadOnlySpan<AccountMessage> messages, int at)
    {
        ref readonly AccountMessage message = ref messages[at];
        BookInput[] commands = Output.CommandsOf(in message).ToArray();
        Acknowledgement acknowledgement = default;
        foreach (ref readonly AccountMessage earlier in messages[..at])
        {
            if (earlier.Kind == AccountMessageKind.Acknowledge && earlier.Symbol == message.Symbol)
                acknowledgement = AcknowledgementOf(in earlier);
        }

        _host.Send(NodeId.Book(message.Symbol), new BatchMessage(
            Account, commands[0].Epoch, commands[0].Batch, Link.Account.LastEventOf(message.Symbol), acknowledgement, commands)
        {
            ClientIds = ClientIdsOf(Link.SentTokensOf(message.Symbol), commands.Length),
        });
    }

    private ClientOrderId[] ClientIdsOf(ReadOnlySpan<ulong> tokens, int count)
    {
        Invariant.Holds(tokens.Length == count);
        ClientOrderId[] clientIds = [];
        for (int i = 0; i < count; i++)
        {
            if (!_clientIds.TryGetValue(tokens[i], out ClientOrderId clientId))
                continue;
            if (clientIds.Length == 0)
                clientIds = new ClientOrderId[count];
            clientIds[i] = clientId;
        }

        return clientIds;
    }

    private static bool RidesAlong(ReadOnlySpan<AccountMessage> later, int symbol)
    {
        foreach (ref readonly AccountMessage message in later)
        {
            if (message.Kind == AccountMessageKind.Batch && message.Symbol == symbol)
                return true;
        }

        return false;
    }

    private Acknowledgement AcknowledgementOf(in AccountMessage message)
    {
        BookInput input = Output.CommandsOf(in message)[0];
        return new Acknowledgement(input.Number, input.Equity0E8, input.Equity1E8);
    }
}
