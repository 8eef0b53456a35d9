using System.Runtime.InteropServices;
using Exchange.Core;
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
                    SetPosition(new PositionSlot(id, account.SymbolAt(i), leg), account.PositionOf(account.SymbolAt(i), leg).Lots);
            }
        }
    }

    private void ApplyPosition(in FeedEvent e) => SetPosition(new PositionSlot(e.Account, e.Symbol, e.PositionSide.Leg()), e.Lots);

    /// <summary>Longs are as many as shorts, so counting one of them counts the open interest.</summary>
    private void SetPosition(PositionSlot slot, long lots)
    {
        Dictionary<PositionSlot, long> positions = StripeOf(slot.Account).PositionLots;
        ref long held = ref CollectionsMarshal.GetValueRefOrAddDefault(positions, slot, out _);
        _markets[slot.Symbol].OpenInterestLots += Math.Max(0, lots) - Math.Max(0, held);
        held = lots;
        if (lots == 0)
            positions.Remove(slot);
    }
}
