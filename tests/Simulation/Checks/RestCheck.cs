using Exchange.Core;
using Exchange.Core.Accounts;
using Exchange.Core.Accounts.Links;
using Exchange.Core.Books;
using Exchange.Core.Clearing;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Wire;
using Exchange.Simulation.Accounts;
using Exchange.Simulation.Books;
using Exchange.Simulation.Clients;
using Exchange.Simulation.Worlds;

namespace Exchange.Simulation.Checks;

/// <summary>A world at rest: what everybody knows must be the same, and what clients were told must be so.</summary>
internal sealed class RestCheck(World world)
{
    private readonly Dictionary<(uint Account, ClientKey Key), List<ulong>> _accepted = [];
    private readonly Dictionary<ulong, int> _amends = [];

    public void Check()
    {
        foreach (BookNode book in world.Books)
            Replay(book);
        foreach (AccountNode node in world.AccountNodes)
        {
            CheckAccount(node.Machine ?? throw new FaultFoundException($"{node.Name} is down"));
            CheckAgainstBooks(node.Machine);
            CheckRecovery(node);
        }

        CheckMoney();
        foreach (ClientNode client in world.Clients)
        {
            foreach (ClientCommand command in client.Commands)
                CheckTold(client.Account, command);
            CheckOpenOrders(client);
            CheckTransfers(client);
        }
    }

    /// <summary>The journal from its first record on gives the same book, and says how often each order was accepted.</summary>
    private void Replay(BookNode node)
    {
        node.Disk.Flush();
        node.Book.CheckInvariants();
        var book = new OrderBook(world.Instruments[node.Symbol]);
        var output = new BookOutput();
        foreach (BookInput input in node.Disk.Durable)
        {
            book.Apply(in input, output);
            if (output.IsRepeat || !output.Outcome.IsAccepted)
                continue;
            if (input.Kind == BookInputKind.Place)
                Accepted(input.Account, input.Terms.ClientKey).Add(output.Outcome.OrderId);
            else if (input.Kind == BookInputKind.Amend)
                _amends[input.OrderId] = _amends.GetValueOrDefault(input.OrderId) + 1;
        }

        Same(Bytes(book).AsSpan().SequenceEqual(Bytes(node.Book)), $"{node.Name} is not what its journal says");
    }

    private static byte[] Bytes(OrderBook book)
    {
        var writer = new SnapshotWriter();
        book.Snapshot(writer);
        return writer.Written.ToArray();
    }

    private List<ulong> Accepted(uint account, ClientKey key)
    {
        if (!_accepted.TryGetValue((account, key), out List<ulong>? orders))
            _accepted[(account, key)] = orders = [];
        return orders;
    }

    private void CheckAccount(MarginAccount account)
    {
        MarketTable market = Market();
        account.CheckInvariants(market);
        Same(account.HeldE8 == 0, $"Account {account.Id} holds {account.HeldE8} for commands in flight");
        Same(!account.IsUnderMaintenance(market), $"Account {account.Id} is under its maintenance margin and nobody liquidates it");
        Same(account.IsPayable(market), $"Account {account.Id} has orders it cannot pay");
    }

    private MarketTable Market()
    {
        var market = new MarketTable();
        foreach (var instrument in world.Instruments)
        {
            market.Add(instrument);
            market[instrument.SymbolId].MarkTicks = world.Marks[instrument.SymbolId].Mark.MarkTicks;
        }

        return market;
    }

    /// <summary>Another activation, made of the last write and what the books say, knows the same.</summary>
    private void CheckRecovery(AccountNode node)
    {
        MarketTable market = Market();
        var output = new AccountOutput();
        var other = new LinkedAccount(node.Account);
        other.Read(new SnapshotReader(node.Store.Durable));
        other.Start(node.Store.Epoch + 1, market, world.NowMs, output);
        foreach (BookNode book in world.Books)
        {
            var orders = new List<OpenOrder>();
            var events = new List<BookEvent>();
            book.Book.CopyOpenOrders(node.Account, orders);
            book.Book.CopyEvents(node.Account, other.Account.LastEventOf(book.Symbol), events);
            other.OnRegistered(
                book.Symbol, node.Store.Epoch + 1, RejectReason.None, orders.ToArray(), events.ToArray(), [],
                book.Book.LastNumber(node.Account), market, world.NowMs, output);
        }

        string before = Text(node.Machine!, market);
        string after = Text(other.Account, market);
        Same(before == after, $"Account {node.Account} was {before} and is after recovery {after}");
    }

    private string Text(MarginAccount account, MarketTable market)
    {
        var text = new System.Text.StringBuilder();
        text.Append($"wallet {account.WalletE8} available {account.AvailableE8(market)} withdrawable {account.WithdrawableE8(market)}");
        text.Append($" totals {account.Totals} liquidation {account.LiquidationNumber}");
        for (int symbol = 0; symbol < world.Instruments.Length; symbol++)
        {
            text.Append($" [{account.LeverageOf(symbol)} {account.MarginModeOf(symbol)} reserved {account.ReservedE8(symbol, market)}");
            for (int leg = 0; leg < 2; leg++)
            {
                PositionLeg position = account.PositionOf(symbol, leg);
                text.Append($" {position.Lots} {position.CostE8} {position.IsolatedE8}");
            }

            text.Append(']');
        }

        return text.ToString();
    }

    private void CheckAgainstBooks(MarginAccount account)
    {
        foreach (BookNode node in world.Books)
        {
            int symbol = node.Symbol;
            Same(
                account.LastEventOf(symbol) == node.Book.LastNumber(account.Id),
                $"Account {account.Id} has applied {account.LastEventOf(symbol)} of {node.Book.LastNumber(account.Id)} events of {node.Name}");
            for (int leg = 0; leg < 2; leg++)
            {
                PositionLeg position = account.PositionOf(symbol, leg);
                Same(
                    position.Lots == node.Book.Position(account.Id, leg) && position.CostE8 == node.Book.PositionCostE8(account.Id, leg),
                    $"Account {account.Id} has {position.Lots} lots, {node.Name} says {node.Book.Position(account.Id, leg)}");
            }

            var open = new List<OpenOrder>();
            node.Book.CopyOpenOrders(account.Id, open);
            var mirrored = new OpenOrderRef[open.Count + 1];
            int count = account.CopyOpenOrders(symbol, mirrored);
            Same(
                count == open.Count && mirrored.Take(count).Select(order => order.OrderId).SequenceEqual(open.Select(order => order.OrderId)),
                $"Account {account.Id} knows {count} open orders in {node.Name}, which has {open.Count}");
        }
    }

    /// <summary>docs/rules/invariants.md 10.1, with nothing in flight.</summary>
    private void CheckMoney()
    {
        ClearingHouse house = world.Clearing.House;
        Int128 insideE8 = (Int128)house.FundE8 + house.FeesE8;
        Int128 feesE8 = 0;
        Int128 depositsE8 = 0;
        Int128 withdrawalsE8 = 0;
        foreach (AccountNode node in world.AccountNodes)
        {
            AccountTotals totals = node.Machine!.Totals;
            insideE8 += MoneyCheck.WorthE8(node.Machine);
            feesE8 += totals.FeesE8;
            depositsE8 += totals.DepositsE8;
            withdrawalsE8 += totals.WithdrawalsE8;
        }

        Same(house.GrantedE8 == 0, $"{house.GrantedE8} is still granted");
        Same(
            (feesE8, depositsE8, withdrawalsE8) == (house.FeesE8, house.DepositsE8, house.WithdrawalsE8),
            "Clearing does not know the accounts' totals");
        Int128 outsideE8 = (Int128)house.DepositsE8 - house.WithdrawalsE8 + house.SeedE8;
        Same(insideE8 == outsideE8, $"{insideE8} is inside, {outsideE8} came in");
    }

    /// <summary>Acknowledged: exactly once. Refused: not at all.</summary>
    private void CheckTold(uint account, ClientCommand command)
    {
        Same(command.IsDone, $"Client {account} was never told about {command}");
        switch (command.Command.Kind)
        {
            case CommandKind.Place:
                List<ulong> orders = Accepted(account, command.Command.Terms.ClientKey);
                Same(
                    command.IsAccepted ? orders.Count == 1 && orders[0] == command.OrderId : orders.Count == 0,
                    $"Client {account} was told {(command.IsAccepted ? $"order {command.OrderId}" : command.Reason)} for {command}"
                    + $"; the book accepted it as [{string.Join(", ", orders)}]");
                break;
            case CommandKind.Amend when command.IsAccepted:
                Same(_amends.ContainsKey(command.Command.OrderId), $"Client {account} was told that {command} was done; no book did it");
                break;
            case CommandKind.Cancel when command.IsAccepted:
                Same(IsCanceled(account, command.Command.OrderId), $"Client {account} was told that {command} was done; no book did it");
                break;
            default:
                break;
        }
    }

    private bool IsCanceled(uint account, ulong orderId) => world.Books.Any(book => book.History.EventsOf(account)
        .Any(e => e.Kind == BookEventKind.Canceled && e.OrderId == orderId && e.Reason == EndReason.User));

    /// <summary>No order is open that its client does not know.</summary>
    private void CheckOpenOrders(ClientNode client)
    {
        HashSet<ulong> known = [.. client.Commands.Where(command => command.IsAccepted).Select(command => command.OrderId)];
        foreach (BookNode book in world.Books)
        {
            var open = new List<OpenOrder>();
            book.Book.CopyOpenOrders(client.Account, open);
            foreach (OpenOrder order in open)
                Same(known.Contains(order.OrderId), $"Client {client.Account} does not know its open order {order.OrderId}");
        }
    }

    /// <summary>What came in and went out is what the client was told, each transfer once.</summary>
    private void CheckTransfers(ClientNode client)
    {
        AccountTotals totals = world.AccountNodes[client.Account - 1].Machine!.Totals;
        Same(totals.DepositsE8 == Told(client, CommandKind.Deposit), $"Account {client.Account} got other deposits than its client was told");
        Same(
            totals.WithdrawalsE8 == Told(client, CommandKind.Withdraw),
            $"Account {client.Account} paid other withdrawals than its client was told");
    }

    private static long Told(ClientNode client, CommandKind kind) => client.Commands
        .Where(command => command.IsAccepted && command.Command.Kind == kind)
        .Sum(command => command.Command.Amount);

    private static void Same(bool isSame, string otherwise)
    {
        if (!isSame)
            throw new FaultFoundException(otherwise);
    }
}
