using System.Reflection;
using Exchange.Grains.Books;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Nodes;
using Exchange.Grains.Placement;
using Exchange.Grains.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;
using Orleans.Placement;
using Orleans.Runtime;

namespace Exchange.Grains.Tests.Placement;

public sealed class PlacementTests
{
    [Fact]
    public async Task Grains_are_dealt_out_evenly_among_the_silos_that_are_engines()
    {
        await using TestSilos silos = await TestSilos.Start([SiloRole.Engine, SiloRole.Edge, SiloRole.All]);
        SiloAddress[] placed = await Task.WhenAll(Enumerable.Range(0, 40)
            .Select(key => silos.GrainsOf(1).GetGrain<IRecorderGrain>(key).Silo().AsTask()));

        Assert.Equal((20, 0, 20), (Count(0), Count(1), Count(2)));

        int Count(int silo) => placed.Count(address => address.Equals(silos.AddressOf(silo)));
    }

    [Fact]
    public async Task A_pinned_symbol_lives_on_the_silo_of_its_setting_book_and_mark_and_others_where_their_turn_is()
    {
        await using TestSilos silos = await TestSilos.Start([SiloRole.All, SiloRole.All, SiloRole.All], configure: services =>
            services.Configure<PinOptions>(pins =>
            {
                pins.PinnedSymbols[3] = "silo-1";
                pins.PinnedSymbols[4] = "silo-that-is-not-there";
            }));
        foreach (int symbol in (int[])[3, 4])
        {
            await silos.GrainsOf(0).GetGrain<IOrderBookGrain>(symbol).Deliver(new NodeBatch([]));
            await silos.GrainsOf(0).GetGrain<ITickerGrain>(symbol).Deliver(new NodeBatch([]));
        }

        foreach (int account in (int[])[3, 4, 6])
            await silos.GrainsOf(0).GetGrain<IPositionGrain>(account).Deliver(new NodeBatch([]));

        Assert.Equal((1, 1), (silos.SiloOf<IOrderBookGrain>(3), silos.SiloOf<ITickerGrain>(3)));
        Assert.Equal(silos.SiloOf<IPositionGrain>(6), silos.SiloOf<IPositionGrain>(3));
        int turn = silos.SiloOf<IPositionGrain>(4);
        Assert.Equal((turn, turn), (silos.SiloOf<IOrderBookGrain>(4), silos.SiloOf<ITickerGrain>(4)));
    }

    [Fact]
    public async Task A_book_that_nobody_asks_for_stays_and_an_account_goes_to_rest()
    {
        await using TestSilos silos = await TestSilos.Start([SiloRole.All], configure: services => services.Configure<GrainCollectionOptions>(collection =>
        {
            collection.CollectionQuantum = TimeSpan.FromSeconds(1);
            collection.CollectionAge = TimeSpan.FromSeconds(2);
        }));
        await silos.AnyGrains().GetGrain<IOrderBookGrain>(0).Deliver(new NodeBatch([]));
        var book = silos.Find<OrderBookGrain, IOrderBookGrain>(0);
        await silos.AnyGrains().GetGrain<IPositionGrain>(1).Deliver(new NodeBatch([]));

        await Condition.Holds(() => !silos.IsActive<IPositionGrain>(1));

        Assert.Same(book, silos.Find<OrderBookGrain, IOrderBookGrain>(0));
    }

    [Fact]
    public void Nodes_are_moved_by_nobody_but_this_exchange_and_books_never_go_to_rest()
    {
        Type[] nodes = [.. typeof(NodeGrain).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(NodeGrain)) && !type.IsAbstract)];

        Assert.NotEmpty(nodes);
        Assert.All(nodes, type => Assert.NotNull(type.GetCustomAttribute<ImmovableAttribute>()));
        Assert.All(nodes.Where(type => type.BaseType!.IsGenericType), type => Assert.NotNull(type.GetCustomAttribute<KeepAliveAttribute>()));
    }
}
