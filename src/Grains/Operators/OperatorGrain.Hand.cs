using Exchange.Core;
using Exchange.Core.Nodes.Messages;

namespace Exchange.Grains.Operators;

/// <content>Marks and funding rounds by hand: one at a time, asked for until the mark has answered or nobody waits any more.</content>
public sealed partial class OperatorGrain
{
    private readonly SemaphoreSlim _oneHand = new(1, 1);
    private NodeMessage? _hand;
    private int _handSymbol;
    private ulong _handNumber;
    private TaskCompletionSource<RejectReason>? _handTaken;

    public ValueTask<RejectReason> SetMark(int symbol, long priceTicks) => ByHand(symbol, number => new SetMarkMessage(number, priceTicks));

    public ValueTask<RejectReason> SettleFunding(int symbol, long rateE8) => ByHand(symbol, number => new SettleFundingMessage(number, rateE8));

    private async ValueTask<RejectReason> ByHand(int symbol, Func<ulong, NodeMessage> message)
    {
        await _oneHand.WaitAsync(Services.Patience);
        try
        {
            if (Judge(symbol, out _) is not RejectReason.None and var refusal)
                return refusal;
            _handSymbol = symbol;
            _handTaken = new TaskCompletionSource<RejectReason>(TaskCreationOptions.RunContinuationsAsynchronously);
            _hand = message(++_handNumber);
            Ask();
            return await _handTaken.Task.WaitAsync(Services.Patience);
        }
        finally
        {
            _hand = null;
            _oneHand.Release();
        }
    }
}
