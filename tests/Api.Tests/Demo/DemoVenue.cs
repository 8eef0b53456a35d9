using Exchange.Api.Demo;
using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Units;
using Exchange.Core.Wire;
using Exchange.Edge.FirstStart;
using Exchange.Embedded;

namespace Exchange.Api.Tests.Demo;

/// <summary>A venue in a folder of its own, on a clock that the test steps, with the demo market on it and one user, account 1.</summary>
internal sealed class DemoVenue : IDisposable
{
    public const uint User = 1;
    private readonly SteppedTime _time = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("exchange-demo-").FullName;
    private readonly DemoOptions _options;

    private DemoVenue(int seed)
    {
        _options = new DemoOptions { Run = true, Seed = seed };
        Exchange = Open();
    }

    public EmbeddedExchange Exchange { get; private set; }

    public DemoMarket Market { get; private set; } = null!;

    public static async Task<DemoVenue> Start(int seed = 1)
    {
        var venue = new DemoVenue(seed);
        foreach (Instrument instrument in DemoInstruments.All())
            await venue.Exchange.List(instrument, default);
        await venue.Submit(new Command { Kind = CommandKind.CreateAccount, Account = User });
        await venue.Submit(DemoHouse.Deposit(User, 100_000 * Rounding.OneE8, "user"));
        await venue.OpenMarket();
        return venue;
    }

    public async Task Steps(int count)
    {
        for (int i = 0; i < count; i++)
        {
            _time.Advance(_options.StepMs);
            await Market.Step();
        }
    }

    /// <summary>A stop and a start of the server.</summary>
    public async Task Restart()
    {
        Exchange.Dispose();
        Exchange = Open();
        await OpenMarket();
    }

    public async Task<CommandReply> Submit(Command command)
    {
        CommandReply reply = await Exchange.Submit(in command, default);
        Assert.Equal(RejectReason.None, reply.Reason);
        return reply;
    }

    public Task<CommandReply> UsersLimit(int symbol, Side side, long lots, long ticks) => Place(new OrderTerms
    {
        Symbol = symbol, Side = side, Lots = lots, PriceTicks = ticks, Fields = OrderFields.Price | OrderFields.Lots,
    });

    public Task<CommandReply> UsersMarket(int symbol, Side side, long lots) => Place(new OrderTerms
    {
        Symbol = symbol, Side = side, Type = OrderType.Market, TimeInForce = TimeInForce.Ioc, Lots = lots, Fields = OrderFields.Lots,
    });

    /// <summary>A hash of every machine: books, marks, accounts, Clearing.</summary>
    /// <remarks>Without the engine's hash of outputs, in which it shows whether a second that was due came with the first command or just before it.</remarks>
    public ValueTask<UInt128> StateHash() => Exchange.Ask(
        engine =>
        {
            var writer = new SnapshotWriter();
            for (int symbol = 0; symbol < engine.Books.Count; symbol++)
            {
                engine.Books[symbol].Snapshot(writer);
                engine.Marks[symbol].Write(writer);
            }

            for (uint account = 0; account < engine.AccountsEnd; account++)
                engine.Account(account)?.Write(writer);
            engine.Clearing.Write(writer);
            var hasher = StateHasher.Create();
            hasher.Add(writer.Written.Span);
            return hasher.Value128;
        },
        default);

    public void Dispose()
    {
        Exchange.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task OpenMarket()
    {
        _time.Advance(1);
        Market = (await DemoMarket.Open(Exchange, _options, default))!;
    }

    private EmbeddedExchange Open() =>
        EmbeddedExchange.Open(new EmbeddedOptions { Directory = _folder, SegmentBytes = 8L << 20, NearlyFullBytes = 0 }, _time);

    private Task<CommandReply> Place(OrderTerms terms) =>
        Submit(new Command { Kind = CommandKind.Place, Account = User, Symbol = terms.Symbol, Terms = terms });
}
