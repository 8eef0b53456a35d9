using System.Globalization;
using System.Text.Json;
using Exchange.Core;
using Exchange.Core.Books;
using Exchange.Core.Orders;

namespace Exchange.Cli.Examples;

/// <summary>What became of every order of an example, by its events.</summary>
internal sealed class ExampleOrders
{
    private readonly Dictionary<ulong, Fate> _orders = [];

    /// <summary>Follows the events of one step.</summary>
    public void Follow(EngineOutput output)
    {
        foreach (ref readonly EngineEvent told in output.Events)
        {
            if (told.Kind != EngineEventKind.Book || told.Book.OrderId == 0)
                continue;
            ref readonly BookEvent e = ref told.Book;
            switch (e.Kind)
            {
                case BookEventKind.Accepted:
                    _orders.Add(e.OrderId, new Fate { Symbol = told.Symbol });
                    break;
                case BookEventKind.Fill:
                    Fate filled = _orders[e.OrderId];
                    filled.Lots += e.Lots;
                    filled.Status = e.LeavesLots == 0 ? OrderStatus.Filled : OrderStatus.PartiallyFilled;
                    break;
                case BookEventKind.Canceled: _orders[e.OrderId].Status = OrderStatus.Canceled; break;
                case BookEventKind.Expired: _orders[e.OrderId].Status = OrderStatus.Expired; break;
            }
        }
    }

    /// <summary>All orders with state and filled quantity, against <c>final.orders</c>.</summary>
    public void Compare(ExampleEngine engine, JsonElement final, List<string> differences)
    {
        JsonElement expected = final.GetProperty("orders");
        foreach ((ulong id, Fate fate) in _orders.OrderBy(order => order.Key))
        {
            string is_ = $"{ExampleEvents.Upper(StatusOf(engine, id, fate).ToString())} {ExampleEvents.Decimal(fate.Lots, engine.Instrument(fate.Symbol).LotE8)}";
            string must = expected.TryGetProperty(id.ToString(CultureInfo.InvariantCulture), out JsonElement state)
                ? $"{state[0].GetString()} {state[1].GetString()}"
                : "(no such order)";
            if (!string.Equals(is_, must, StringComparison.Ordinal))
                differences.Add($"order {id}: expected {must}; got {is_}");
        }

        if (expected.EnumerateObject().Count() != _orders.Count)
            differences.Add($"orders: expected {expected.EnumerateObject().Count()}; got {_orders.Count}");
    }

    private static OrderStatus StatusOf(ExampleEngine engine, ulong id, Fate fate)
    {
        if (fate.Status is not (OrderStatus.None or OrderStatus.PartiallyFilled))
            return fate.Status;
        bool isOpen = engine.Engine.Books[fate.Symbol].TryGetOrder(id, out _, out OpenOrder order);
        if (!isOpen)
            return OrderStatus.None;
        return order.IsWaiting ? OrderStatus.Waiting : order.FilledLots > 0 ? OrderStatus.PartiallyFilled : OrderStatus.New;
    }

    private sealed class Fate
    {
        public OrderStatus Status { get; set; }

        public long Lots { get; set; }

        public required int Symbol { get; init; }
    }
}
