using System.Globalization;
using System.Text;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Api.Demo;

/// <summary>Sends a step's commands in order without waiting for each, then waits for all: a step costs a few syncs, however many orders.</summary>
internal sealed class DemoDesk(IExchange exchange)
{
    private const string Prefix = "demo-";
    private readonly List<Task<CommandReply>> _sent = [];
    private int _number;

    /// <summary>The step whose orders are placed; their client ids bear it.</summary>
    public long Step { get; private set; }

    public IExchange Exchange { get; } = exchange;

    public void Begin(long step)
    {
        _sent.Clear(); // Of a step that was broken off.
        Step = step;
        _number = 0;
    }

    public void Limit(uint account, int symbol, Side side, long priceTicks, long lots, TimeInForce timeInForce) => Place(account, new OrderTerms
    {
        Symbol = symbol, Side = side, PriceTicks = priceTicks, Lots = lots, TimeInForce = timeInForce, Fields = OrderFields.Price | OrderFields.Lots,
    });

    public void Market(uint account, int symbol, Side side, long lots, bool reduces = false) => Place(account, new OrderTerms
    {
        Symbol = symbol, Side = side, Type = OrderType.Market, TimeInForce = TimeInForce.Ioc, Lots = lots, Fields = OrderFields.Lots,
        Flags = reduces ? OrderFlags.ReduceOnly : OrderFlags.None,
    });

    public void Cancel(OrderView order) => Send(new Command
    {
        Kind = CommandKind.Cancel, Account = order.Account, Symbol = order.Symbol, OrderId = order.OrderId,
    });

    public void Fund(uint account, long amountE8) =>
        Send(DemoHouse.Deposit(account, amountE8, string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Step}")));

    public void Send(in Command command) => _sent.Add(Exchange.Submit(in command, CancellationToken.None).AsTask());

    /// <summary>Waits until all sent is answered. A refusal is an answer: the market moves on, the next step sees what is.</summary>
    public async Task<CommandReply[]> Answers()
    {
        CommandReply[] replies = await Task.WhenAll(_sent);
        _sent.Clear();
        return replies;
    }

    /// <summary>The last step that left an order of the account; 0: none is remembered.</summary>
    public async ValueTask<long> LastStep(uint account)
    {
        OrderView[] newest = (await Exchange.GetOrders(account, -1, 0, 1, CancellationToken.None)).Items;
        return newest is [var order] && order.ClientOrderId.Split('-') is ["demo", var step, _]
            && long.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out long last) ? last : 0;
    }

    private void Place(uint account, OrderTerms terms)
    {
        byte[] id = Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Step}-{_number++}"));
        terms.ClientKey = ClientKey.From(id);
        Send(new Command { Kind = CommandKind.Place, Account = account, Symbol = terms.Symbol, Terms = terms, ClientId = ClientOrderId.From(id) });
    }
}
