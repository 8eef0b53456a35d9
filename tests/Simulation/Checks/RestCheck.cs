using Exchange.Core;
using Exchange.Core.Accounts;
using Exchange.Core.Books;
using Exchange.Core.Clearing;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Audits;
using Exchange.Core.Port;
using Exchange.Core.Wire;
using Exchange.Simulation.Clients;
using Exchange.Simulation.Hosts;
using Exchange.Simulation.Worlds;

namespace Exchange.Simulation.Checks;

/// <summary>A world at rest: what everybody knows must be the same, and what clients were told must be so.</summary>
internal sealed class RestCheck(World world)
{
    private readonly SnapshotWriter _writer = new();

    public void Check()
    {
        foreach (BookPlace book in world.Books)
        {
            book.Follower.Book!.CheckInvariants();
            CheckReplay(book, book.Node!);
            CheckPositions(book);
        }

        foreach (MarkPlace mark in world.Marks)
            CheckReplay(mark, mark.Node!);
        CheckReplay(world.Clearing, world.Clearing.Node!);
        foreach (AccountPlace place in world.Accounts)
        {
            CheckAccount(place.Machine ?? throw new FaultFoundException($"{place} is down"));
            CheckAgainstBooks(place.Machine);
            CheckRecovery(place);
        }

        CheckMoney();
        foreach (ClientNode client in world.Clients)
        {
            foreach (ClientCommand command in client.Commands)
                CheckTold(client.Account, command);
        }

        foreach (AccountPlace place in world.Accounts)
        {
            CheckOpenOrders(place);
            CheckTransfers(place);
        }
    }

    /// <summary>The journal from its first record on, with what is still on its way to it, gives the same node.</summary>
    private void CheckReplay<TNode>(JournalPlace<TNode> place, TNode living)
        where TNode : JournaledNode
    {
        foreach (byte[] record in place.NotDurable.Skip((int)(place.Follower.Sequence - place.Known)))
            place.Follower.Replay(record);
        Same(
            living.Sequence == place.Follower.Sequence && Bytes(living).AsSpan().SequenceEqual(Bytes(place.Follower)),
            $"{place} is not what its journal says");
    }

    private byte[] Bytes(JournaledNode node)
    {
        _writer.Clear();
        node.WriteSnapshot(_writer);
        return _writer.Written.ToArray();
    }

    private void CheckPositions(BookPlace book)
    {
        Int128 lots = 0;
        foreach (AccountPlace place in world.Accounts)
            lots += (Int128)book.Follower.Book!.Position(place.Account, 0) + book.Follower.Book!.Position(place.Account, 1);
        Same(lots == 0, $"The positions in {book} sum to {lots}");
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
            market[instrument.SymbolId].MarkTicks = world.Marks[instrument.SymbolId].Follower.Mark!.MarkTicks;
        }

        return market;
    }

    /// <summary>Another activation, made of the last write and what the books say, knows the same.</summary>
    private void CheckRecovery(AccountPlace place)
    {
        MarketTable market = Market();
        MarginAccount other = RecoveredAccount.Of(
            place.Account, place.Stream.Epoch, place.Stream.State, [.. world.Books.Select(book => book.Follower)], market);
        string before = Text(place.Machine!, market);
        string after = Text(other, market);
        Same(before == after, $"{place} was {before} and is after recovery {after}");
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
        foreach (BookPlace place in world.Books)
        {
            OrderBook book = place.Follower.Book!;
            int symbol = place.Follower.Symbol;
            Same(
                account.LastEventOf(symbol) == book.LastNumber(account.Id),
                $"Account {account.Id} has applied {account.LastEventOf(symbol)} of {book.LastNumber(account.Id)} events of {place}");
            for (int leg = 0; leg < 2; leg++)
            {
                PositionLeg position = account.PositionOf(symbol, leg);
                Same(
                    position.Lots == book.Position(account.Id, leg) && position.CostE8 == book.PositionCostE8(account.Id, leg),
                    $"Account {account.Id} has {position.Lots} lots, {place} says {book.Position(account.Id, leg)}");
            }

            var open = new List<OpenOrder>();
            book.CopyOpenOrders(account.Id, open);
            var mirrored = new OpenOrderRef[open.Count + 1];
            int count = account.CopyOpenOrders(symbol, mirrored);
            Same(
                count == open.Count && mirrored.Take(count).Select(order => order.OrderId).SequenceEqual(open.Select(order => order.OrderId)),
                $"Account {account.Id} knows {count} open orders in {place}, which has {open.Count}");
        }
    }

    /// <summary>docs/rules/invariants.md 10.1, with nothing in flight.</summary>
    private void CheckMoney()
    {
        ClearingHouse house = world.Clearing.Follower.House;
        Int128 insideE8 = (Int128)house.FundE8 + house.FeesE8;
        Int128 feesE8 = 0;
        Int128 depositsE8 = 0;
        Int128 withdrawalsE8 = 0;
        foreach (AccountPlace place in world.Accounts)
        {
            AccountTotals totals = place.Machine!.Totals;
            insideE8 += place.Machine.WalletAndMarginsE8 - place.Machine.SignedCostE8;
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
                List<ulong> orders = world.Books[command.Command.Symbol].History.OrdersOf(account, command.Command.Terms.ClientKey);
                Same(
                    command.IsAccepted ? orders.Count == 1 && orders[0] == command.OrderId : orders.Count == 0,
                    $"Client {account} was told {(command.IsAccepted ? $"order {command.OrderId}" : command.Reason)} for {command}"
                    + $"; the book accepted it as [{string.Join(", ", orders)}]");
                break;
            case CommandKind.Amend when command.IsAccepted:
                Same(world.Books[command.Command.Symbol].History.WasAmended(command.Command.OrderId), $"Client {account} was told that {command} was done; no book did it");
                break;
            case CommandKind.Cancel when command.IsAccepted:
                Same(world.Books[command.Command.Symbol].History.WasCanceled(account, command.Command.OrderId), $"Client {account} was told that {command} was done; no book did it");
                break;
            default:
                break;
        }
    }

    /// <summary>No order is open that its clients do not know.</summary>
    private void CheckOpenOrders(AccountPlace place)
    {
        HashSet<ulong> known = [.. ToldTo(place).Where(command => command.IsAccepted).Select(command => command.OrderId)];
        foreach (BookPlace book in world.Books)
        {
            var open = new List<OpenOrder>();
            book.Follower.Book!.CopyOpenOrders(place.Account, open);
            foreach (OpenOrder order in open)
                Same(known.Contains(order.OrderId), $"No client of {place} knows its open order {order.OrderId}");
        }
    }

    /// <summary>What came in and went out is what the clients were told, each transfer once.</summary>
    private void CheckTransfers(AccountPlace place)
    {
        AccountTotals totals = place.Machine!.Totals;
        Same(totals.DepositsE8 == Told(place, CommandKind.Deposit), $"{place} got other deposits than its clients were told");
        Same(totals.WithdrawalsE8 == Told(place, CommandKind.Withdraw), $"{place} paid other withdrawals than its clients were told");
    }

    private long Told(AccountPlace place, CommandKind kind) => ToldTo(place)
        .Where(command => command.IsAccepted && command.Command.Kind == kind)
        .Sum(command => command.Command.Amount);

    private IEnumerable<ClientCommand> ToldTo(AccountPlace place) =>
        world.Clients.Where(client => client.Account == place.Account).SelectMany(client => client.Commands);

    private static void Same(bool isSame, string otherwise)
    {
        if (!isSame)
            throw new FaultFoundException(otherwise);
    }
}
