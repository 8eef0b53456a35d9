using Exchange.Core.Books;
using Exchange.Core.Nodes;
using Exchange.Core.Orders;

namespace Exchange.Silo.Tests.FailOver;

/// <summary>Every order that books' journals say was accepted, by account and client id.</summary>
internal sealed class AcceptedOrders : IBookObserver
{
    private readonly Dictionary<(uint Account, ClientKey Key), ulong> _orders = [];

    public List<(uint Account, ClientKey Key)> AcceptedTwice { get; } = [];

    /// <summary>0: none.</summary>
    public ulong OrderOf(uint account, ClientKey key) => _orders.GetValueOrDefault((account, key));

    public void OnInput(OrderBook book, ulong sequence, in BookInput input, BookOutput output)
    {
        if (input.Kind != BookInputKind.Place || output.IsRepeat || !output.Outcome.IsAccepted)
            return;
        if (!_orders.TryAdd((input.Account, input.Terms.ClientKey), output.Outcome.OrderId))
            AcceptedTwice.Add((input.Account, input.Terms.ClientKey));
    }

    public void OnInstrument(OrderBook book, ulong sequence)
    {
    }
}
