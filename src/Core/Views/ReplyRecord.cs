
namespace Exchange.Core.Views;

/// <summary>What the engine's thread notes of a command's outcome for its reply: blittable, no memory of its own.</summary>
/// <remarks>Fills, cancels and the order itself are in the input's feed events and the views; they are not copied twice.</remarks>
public struct ReplyRecord
{
    public ulong Sequence;
    public long TimeMs;
    public RejectReason Reason;

    /// <summary>With a refusal: what would have passed.</summary>
    public long LimitValue;

    /// <summary>A repeat of a client order id: the command did nothing.</summary>
    public bool IsRepeat;

    /// <summary>The order concerned; 0: none.</summary>
    public ulong OrderId;

    /// <summary>The order as the engine knows it, for a repeat of one that the views have dropped.</summary>
    public OrderOutcome Outcome;

    /// <summary>Notes one input; to be called before the output is used again.</summary>
    public void Set(ulong sequence, long timeMs, EngineOutput output)
    {
        Sequence = sequence;
        TimeMs = timeMs;
        Reason = output.Reason;
        LimitValue = output.LimitValue;
        IsRepeat = output.IsRepeat;
        OrderId = output.OrderId;
        if (IsRepeat)
            Outcome = output.Outcome;
    }
}
