
namespace Exchange.Core.Accounts;

/// <content>What must hold between inputs (docs/rules/invariants.md 10.2 and 10.3).</content>
public sealed partial class MarginAccount
{
    /// <summary>Recomputes from orders and positions what is kept incrementally; throws <see cref="InvariantException"/>.</summary>
    public void CheckInvariants(MarketTable market)
    {
        Int128 held = 0;
        foreach (SymbolState state in Symbols)
        {
            CheckLeg(in state.Leg0, IsInLiquidation);
            CheckLeg(in state.Leg1, IsInLiquidation);
            Invariant.Holds(state.Leg1.Lots <= 0);
            Invariant.Holds(IsHedge ? state.Leg0.Lots >= 0 : state.Leg1.Lots == 0);
            state.CheckSums(market[state.Symbol].Instrument);
            for (int i = 0; i < state.FlightCount; i++)
                held += state.Flights[i].HoldE8;
        }

        Invariant.Holds(held == _heldE8);
    }

    /// <param name="isClosing">The events of one close may come in several messages: its margin is free with the last.</param>
    private static void CheckLeg(in PositionLeg leg, bool isClosing)
    {
        Invariant.Holds(leg.CostE8 >= 0);
        Invariant.Holds(leg.Lots != 0 || leg.CostE8 == 0);
        Invariant.Holds(leg.Lots != 0 || leg.IsolatedE8 == 0 || isClosing);
    }
}
