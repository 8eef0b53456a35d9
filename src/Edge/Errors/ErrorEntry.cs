using Exchange.Core;

namespace Exchange.Edge.Errors;

/// <summary>What the number in <c>limit</c> counts, when the venue names one with a refusal.</summary>
internal enum LimitUnit
{
    None = 0,
    Price = 1,
    Qty = 2,
    Money = 3,
    Count = 4,
}

/// <summary>One error a client can get: programs branch on the code, people read the title and what to do.</summary>
/// <param name="Code">Stable, in upper snake case.</param>
/// <param name="Status">HTTP status.</param>
/// <param name="Title">One sentence: what is wrong.</param>
/// <param name="Advice">What it means and what to do about it.</param>
/// <param name="Reason">The venue's reason that is answered with this code; None for the edge's own codes.</param>
/// <param name="LimitUnit">Unit of the limit the venue tells with it.</param>
internal sealed record ErrorEntry(
    string Code, int Status, string Title, string Advice, RejectReason Reason = RejectReason.None, LimitUnit LimitUnit = LimitUnit.None);
