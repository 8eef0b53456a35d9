using Exchange.Core.Port;

namespace Exchange.Core.Views;

/// <summary>Told of each row of accounts' histories as it comes to be, by whoever applies the events; never of those that a snapshot restores.</summary>
public interface IRowObserver
{
    /// <param name="number">Counts 1, 2, 3 … over all accounts of the store.</param>
    void OnFill(ulong number, in FillView fill);

    void OnMovement(in MovementView movement);

    /// <summary>An order is over; nothing changes it any more.</summary>
    void OnOrderEnded(OrderView order);
}
