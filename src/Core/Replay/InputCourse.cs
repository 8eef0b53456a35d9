namespace Exchange.Core.Replay;

/// <summary>How much of the engine an input took; the journal keeps it, so that recovery knows before it carries the input out.</summary>
public enum InputCourse : byte
{
    /// <summary>Anything: a timer, a trigger, a liquidation, a setting; or nobody knows.</summary>
    Whole = 0,

    /// <summary>
    /// An account sent one message to one book, which the command alone determines, and had its answer. Judging it may have left
    /// its trace in the account.
    /// </summary>
    OneMessage = 1,

    /// <summary>Refused by the account; no book was told or asked anything.</summary>
    NoMessage = 2,

    /// <summary>As <see cref="OneMessage"/>, and judging it changed nothing: who believes that it passed need not judge it again.</summary>
    Allowed = 3,
}
