using System.Runtime.InteropServices;
using Exchange.Core;
using Exchange.Core.Accounts;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Embedded.Views;

// Positions, as far as what readers see of all of them together needs each.
public sealed partial class VenueViews
{
    /// <summary>Takes all positions from an engine of the same input: snapshots hold them in its part, not in that of the views.</summary>
    public void TakePositions(Engine engine)
    {
        for (uint id = 1; id < engine.AccountsEnd; id++)
        {
            if (engine.Account(id) is not { } account)
                continue;
            for (int i = 0; i < account.SymbolCount; i++)
            {
                for (int leg = 0; leg < 2; leg++)
                {
                    PositionLeg position = account.PositionOf(account.SymbolAt(i), leg);
                    SetPosition(new PositionSlot(id, account.SymbolAt(i), leg), new HeldPosition(position.Lots, position.IsolatedE8));
                }
            }
        }
    }

    private void ApplyPosition(in FeedEvent e)
    {
        HeldPosition before = SetPosition(new PositionSlot(e.Account, e.Symbol, e.PositionSide.Leg()), new HeldPosition(e.Lots, e.Money));
        if (e.Money != before.IsolatedE8)
            AddMovement(in e, e.Money - before.IsolatedE8, isIsolated: true);
    }

    /// <summary>Longs are as many as shorts, so counting one of them counts the open interest.</summary>
    /// <returns>What was there before.</returns>
    private HeldPosition SetPosition(PositionSlot slot, HeldPosition now)
    {
        Dictionary<PositionSlot, HeldPosition> positions = StripeOf(slot.Account).Positions;
        ref HeldPosition held = ref CollectionsMarshal.GetValueRefOrAddDefault(positions, slot, out _);
        HeldPosition before = held;
        _markets[slot.Symbol].OpenInterestLots += Math.Max(0, now.Lots) - Math.Max(0, before.Lots);
        held = now;
        if (now == default)
            positions.Remove(slot);
        return before;
    }
}
