using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Units;
using Exchange.Grains.Accounts;
using Exchange.Grains.Books;
using Exchange.Grains.Clearing;
using Exchange.Grains.Clients;
using Exchange.Grains.Hosting;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Markets;
using Exchange.Grains.Placement;
using Exchange.Storage.Streams;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Runtime;

namespace Exchange.Grains.Tests.Support;

/// <summary>An exchange over some silos, with funded accounts; its indices are posted as long as it lives.</summary>
internal sealed class TestVenue : IAsyncDisposable
{
    public const long IndexE8 = 50_000 * Rounding.OneE8;
    public const long FundsE8 = 100_000 * Rounding.OneE8;
    public const long FundE8 = 1_000 * Rounding.OneE8;
    private readonly CancellationTokenSource _stopped = new();
    private readonly Task _feed;
    private readonly int _symbols;
    private ulong _ids;

    private TestVenue(TestSilos silos, int symbols)
    {
        Silos = silos;
        _symbols = symbols;
        _feed = PostIndices();
    }

    public TestSilos Silos { get; }

    public static Task<TestVenue> Open(IStreamStore store, int silos, int symbols, uint accounts, int snapshotRecords = 200_000) =>
        Open([.. Enumerable.Repeat(store, silos)], symbols, accounts, snapshotRecords);

    /// <param name="stores">One a silo, over the same streams.</param>
    /// <param name="configure">More options of its grains.</param>
    /// <param name="services">More services of its silos.</param>
    public static async Task<TestVenue> Open(
        IReadOnlyList<IStreamStore> stores, int symbols, uint accounts, int snapshotRecords = 200_000, Action<GrainOptions>? configure = null,
        Action<IServiceCollection>? services = null)
    {
        TestSilos started = await TestSilos.Start(
            [.. Enumerable.Repeat(SiloRole.All, stores.Count)], stores, added =>
            {
                added.Configure<GrainOptions>(options =>
                {
                    options.SnapshotRecords = snapshotRecords;
                    configure?.Invoke(options);
                });
                services?.Invoke(added);
            });
        await ListInstruments(started, symbols);
        var venue = new TestVenue(started, symbols);
        await Condition.Holds(() => venue.HasMarks());
        IOperatorGrain desk = started.GrainsOf(0).GetGrain<IOperatorGrain>(0);
        Assert.Equal(RejectReason.None, await desk.Seed(FundE8));
        for (uint account = 1; account <= accounts; account++)
        {
            Assert.Equal(RejectReason.None, await venue.Do(new Command { Kind = CommandKind.CreateAccount, Account = account }));
            Assert.Equal(RejectReason.None, await venue.Do(venue.Deposit(account, FundsE8)));
        }

        return venue;
    }

    public Command Deposit(uint account, long amountE8) =>
        new() { Kind = CommandKind.Deposit, Account = account, Key = NewKey(account), Amount = amountE8 };

    public Command Limit(uint account, int symbol, Side side, long lots, long priceTicks) => new()
    {
        Kind = CommandKind.Place,
        Account = account,
        Symbol = symbol,
        Terms = new OrderTerms
        {
            Symbol = symbol, Side = side, Type = OrderType.Limit, TimeInForce = TimeInForce.Gtc, Lots = lots, PriceTicks = priceTicks,
            ClientKey = NewKey(account), Flags = OrderFlags.ReturnRepeats, Fields = OrderFields.Lots | OrderFields.Price,
        },
    };

    /// <param name="silo">Which one the client is at.</param>
    public Task<CommandReply> Submit(in Command command, int silo = 0) =>
        Silos.Services[silo].GetRequiredService<ExchangeClients>().Submit(in command);

    /// <summary>Asks until it is not told to ask again, as a client would.</summary>
    public async Task<RejectReason> Do(Command command, int silo = 0)
    {
        while (true)
        {
            CommandReply answer = await Submit(in command, silo);
            if (answer.Reason != RejectReason.AccountRecovering)
                return answer.Reason;
        }
    }

    /// <summary>What each silo shows of symbols.</summary>
    public MarketMirror[] Mirrors => [.. Silos.Services.Select(services => services.GetRequiredService<MarketMirror>())];

    public BookNode BookOf(int symbol) => Silos.Find<OrderBookGrain, IOrderBookGrain>(symbol).Node;

    public AccountNode AccountOf(uint account) => Silos.Find<PositionGrain, IPositionGrain>(account).Node;

    public ClearingNode Clearing => Silos.Find<ClearingGrain, IClearingGrain>(0).Node;

    /// <summary>Everything that is on its way arrives.</summary>
    public Task ComesToRest(uint accounts) => Condition.Holds(() =>
    {
        for (int symbol = 0; symbol < _symbols; symbol++)
        {
            if (!BookOf(symbol).IsAtRest)
                return false;
        }

        for (uint account = 1; account <= accounts; account++)
        {
            if (!AccountOf(account).IsAtRest)
                return false;
        }

        return Clearing.IsAtRest;
    });

    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        await _feed;
        await Silos.DisposeAsync();
        _stopped.Dispose();
    }

    public static async Task ListInstruments(TestSilos silos, int symbols)
    {
        IOperatorGrain desk = silos.GrainsOf(0).GetGrain<IOperatorGrain>(0);
        for (int symbol = 0; symbol < symbols; symbol++)
        {
            var listed = new InstrumentMessage(0, TestInstruments.Create(symbol), TradingState.Trading);
            Assert.Equal(RejectReason.None, await desk.List(new NodeBatch([new NodeEnvelope(NodeId.Operator, NodeId.Operator, listed)])));
        }
    }

    private bool HasMarks() => Silos.Services.All(services =>
    {
        MarketTable market = services.GetRequiredService<Exchange.Grains.Silos.SiloBoard>().Current;
        return market.Count == _symbols && Enumerable.Range(0, _symbols).All(symbol => market[symbol].MarkTicks != 0);
    });

    private async Task PostIndices()
    {
        using var second = new PeriodicTimer(TimeSpan.FromMilliseconds(500));
        while (!_stopped.IsCancellationRequested)
        {
            for (int symbol = 0; symbol < _symbols; symbol++)
            {
                try
                {
                    await Silos.AnyGrains().GetGrain<IOperatorGrain>(0).PostIndex(symbol, IndexE8);
                }
                catch (Exception cause) when (cause is not InvariantException)
                {
                    // A silo has just gone, or the venue is going: the next price comes soon.
                }
            }

            try
            {
                await second.WaitForNextTickAsync(_stopped.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private ClientKey NewKey(uint account) => new(account, Interlocked.Increment(ref _ids));
}
