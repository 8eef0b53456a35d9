using Exchange.Grains.Placement;
using Exchange.Grains.Tests.Support;
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
}
