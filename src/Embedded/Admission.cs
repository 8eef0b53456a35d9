using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Embedded;

/// <summary>Who is still taken when the queue in front of the engine fills: those who lower risk last of all are turned away.</summary>
internal static class Admission
{
    /// <summary>How many priorities go before this one: 0 is taken as long as there is any room.</summary>
    public static int PrioritiesBefore(in Command command) => command.Kind switch
    {
        // What takes risk away, and the prices and states that liquidations follow from.
        CommandKind.Cancel or CommandKind.CancelAll or CommandKind.Countdown or CommandKind.SetIndex or CommandKind.SetMark
            or CommandKind.SetState or CommandKind.SetAccountState or CommandKind.Time => 0,
        CommandKind.Place when command.Terms.IsReducing => 1,
        CommandKind.Place when command.Terms.Type == OrderType.Market => 2,

        // Limit orders, those that wait for a trigger, amends; and questions, which cost as much and change nothing.
        CommandKind.Place or CommandKind.Amend or CommandKind.None => 3,

        // Money, settings, administration: rare, and money saves accounts from liquidation.
        _ => 1,
    };
}
