using System.Runtime.InteropServices;
using Exchange.Core;
using Exchange.Core.Books;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Cli.Benchmarks;

/// <summary>Many symbols' recorded operations as one sequence of commands, prepared so that submitting costs nothing else.</summary>
/// <remarks>
/// Symbols take turns. The engine stamps order ids as it accepts, one counter over all symbols; the preparation runs every symbol
/// through the product's book once, so it knows which operations are accepted, and names the right ids in cancels and amends
/// without waiting for any answer. That run also says which trades must come out.
/// </remarks>
internal sealed class EngineWorkload
{
    /// <summary>Prices of a market order: the edges of the bands around the fixed mark.</summary>
    private const long HighestTicks = 2_000_000;
    private const long LowestTicks = 500_000;
    public const long MarkTicks = 1_000_000;
    public const int AccountsPerSymbol = 1_000;
    public const int AccountGroups = 10;

    private readonly IReadOnlyList<WorkloadFile> _files;

    private EngineWorkload(IReadOnlyList<WorkloadFile> files, PreparedCommand[] commands, int prefill)
    {
        _files = files;
        Commands = commands;
        Prefill = prefill;
    }

    public PreparedCommand[] Commands { get; }

    public int Symbols => _files.Count;

    /// <summary>Commands at the start that only build the books.</summary>
    public int Prefill { get; }


    public static EngineWorkload Prepare(IReadOnlyList<WorkloadFile> files, Action<double> progress)
    {
        var drivers = new BookDriver[files.Count];
        var ids = new ulong[files.Count][];
        for (int symbol = 0; symbol < files.Count; symbol++)
        {
            ulong maxId = 0;
            foreach (ref readonly WorkloadRecord record in files[symbol].Records.AsSpan())
                maxId = Math.Max(maxId, record.Id);
            drivers[symbol] = new BookDriver();
            ids[symbol] = new ulong[maxId + 1];
        }

        int perSymbol = files.Min(file => file.Records.Length);
        var commands = new PreparedCommand[(long)perSymbol * files.Count];
        ulong nextId = 1;
        int at = 0;
        for (int i = 0; i < perSymbol; i++)
        {
            for (int symbol = 0; symbol < files.Count; symbol++)
            {
                ref readonly WorkloadRecord record = ref files[symbol].Records[i];
                commands[at++] = Translate(in record, symbol, drivers[symbol], ids[symbol], ref nextId);
            }

            if ((i & 0xffff) == 0)
                progress((double)i / perSymbol);
        }

        return new EngineWorkload(files, commands, files.Min(file => file.Prefill) * files.Count);
    }

    /// <summary>Whether the engine's books are where the workload's own are after so many commands: trades, best prices, orders.</summary>
    public bool AgreesWith(Engine engine, int submitted)
    {
        for (int symbol = 0; symbol < Symbols; symbol++)
        {
            WorkloadRecord[] records = _files[symbol].Records;
            var driver = new BookDriver();
            int count = submitted / Symbols + (symbol < submitted % Symbols ? 1 : 0);
            driver.ApplyAll(records.AsSpan(0, count));
            OrderBook expected = driver.Book;
            OrderBook book = engine.Books[symbol];
            bool isSame = book.TradeCount == expected.TradeCount && book.BestBidTicks == expected.BestBidTicks
                && book.BestAskTicks == expected.BestAskTicks && book.OpenOrderCount == expected.OpenOrderCount;
            if (!isSame)
                return false;
        }

        return true;
    }

    /// <summary>The account of a record on a symbol: account groups overlap, so that accounts hold several symbols.</summary>
    public static uint AccountOf(uint account, int symbol) =>
        Math.Max(account, 1) + (uint)(AccountsPerSymbol * (symbol % AccountGroups));

    private static PreparedCommand Translate(
        in WorkloadRecord record, int symbol, BookDriver driver, ulong[] ids, ref ulong nextId)
    {
        long filled = record.Operation == 2 ? driver.Book.FilledLotsOf(record.Id) : 0;
        long trades = driver.TradeCount;
        driver.Step(in record);
        var command = new PreparedCommand { Symbol = (byte)symbol, Account = AccountOf(record.Account, symbol) };
        switch (record.Operation)
        {
            case 0:
                command.Kind = CommandKind.Place;
                command.Side = (Side)record.Side;
                command.TimeInForce = record.Type switch
                {
                    1 or 2 => TimeInForce.Ioc,
                    3 => TimeInForce.Fok,
                    4 => TimeInForce.Gtx,
                    _ => TimeInForce.Gtc,
                };
                command.PriceTicks = record.Type == 1 ? record.Side == 0 ? HighestTicks : LowestTicks : record.PriceTicks;
                command.Lots = record.Lots;
                if (IsAccepted(in record, driver, trades))
                    ids[record.Id] = nextId++;
                break;
            case 1:
                command.Kind = CommandKind.Cancel;
                command.OrderId = IdOf(ids, record.Id);
                break;
            default:
                command.Kind = CommandKind.Amend;
                command.OrderId = IdOf(ids, record.Id);
                command.PriceTicks = record.PriceTicks;
                command.Lots = record.Lots + filled;
                break;
        }

        return command;
    }

    /// <summary>Fill-or-kill and post-only orders may be refused; all others are accepted here.</summary>
    private static bool IsAccepted(in WorkloadRecord record, BookDriver driver, long tradesBefore) => record.Type switch
    {
        3 => driver.TradeCount > tradesBefore,
        4 => driver.Book.TryGetOrder(record.Id, out _, out _),
        _ => true,
    };

    /// <summary>An id that no order has where the record's was refused: the command is refused as the record is.</summary>
    private static ulong IdOf(ulong[] ids, ulong id) => ids[id] == 0 ? ulong.MaxValue >> 12 : ids[id];

    public static Instrument Instrument(int symbol)
    {
        InstrumentError error = Core.Instruments.Instrument.Create(
            symbol,
            new InstrumentSettings
            {
                Symbol = $"BENCH{symbol}",
                TickE8 = 1_000_000,
                LotE8 = 100_000,
                MakerRateE8 = 20_000,
                TakerRateE8 = 50_000,
                LiquidationFeeRateE8 = 1_000_000,
                BandUpE8 = 200_000_000,
                BandDownE8 = 50_000_000,
                MarketBoundE8 = 50_000_000,
                MinLots = 1,
                MaxLots = 1_000_000,
                MinNotionalE8 = 0,
                MaxPriceTicks = 4_000_000,
                MaxOrders = InstrumentLimits.MaxOrders,
                Brackets = [new BracketSettings(InstrumentLimits.MaxMoneyE8, 20, 1_000_000)],
            },
            out Instrument? instrument);
        Invariant.Holds(error == InstrumentError.None);
        return instrument!;
    }
}

/// <summary>A command of the benchmark: 40 bytes, of which a thousand million would fit no machine's cache.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PreparedCommand
{
    public ulong OrderId;
    public long PriceTicks;
    public long Lots;
    public uint Account;
    public CommandKind Kind;
    public byte Symbol;
    public Side Side;
    public TimeInForce TimeInForce;

    /// <summary>Writes it out in full.</summary>
    public readonly void Expand(ref Command command)
    {
        command.Kind = Kind;
        command.Account = Account;
        command.Symbol = Symbol;
        command.OrderId = OrderId;
        if (Kind == CommandKind.Place)
        {
            command.Terms.Symbol = Symbol;
            command.Terms.Side = Side;
            command.Terms.TimeInForce = TimeInForce;
            command.Terms.PriceTicks = PriceTicks;
            command.Terms.Lots = Lots;
            command.Terms.Fields = OrderFields.Price | OrderFields.Lots;
        }
        else if (Kind == CommandKind.Amend)
        {
            command.Fields = OrderFields.Price | OrderFields.Lots;
            command.PriceTicks = PriceTicks;
            command.Lots = Lots;
        }
    }
}
