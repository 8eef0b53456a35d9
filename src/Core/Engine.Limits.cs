using Exchange.Core.Accounts;
using Exchange.Core.Port;

namespace Exchange.Core;

// What would have passed: told with a refusal, decided by nothing.
public sealed partial class Engine
{
    private long LimitOf(in Command command, RejectReason reason) =>
        reason == RejectReason.PostOnlyWouldCross && _market.IsListed(command.Symbol)
            ? PostOnlyLimit(in command, command.Symbol)
            : RefusalLimit.Of(in command, reason, Account(command.Account), _market);

    /// <summary>The best price at which a post-only order would have rested.</summary>
    private long PostOnlyLimit(in Command command, int symbol) =>
        _answers is not null ? _answers[_answerAt].PostOnlyTicks : _books[symbol].PostOnlyTicks(command.Terms.Side);
}
