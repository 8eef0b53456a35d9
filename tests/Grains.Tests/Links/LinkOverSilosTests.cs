using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Links;
using Exchange.Grains.Placement;
using Exchange.Grains.Tests.Support;
using Orleans.Runtime;

namespace Exchange.Grains.Tests.Links;

public sealed class LinkOverSilosTests
{
    private const int Messages = 50_000;

    [Fact]
    public async Task Messages_arrive_in_the_order_they_were_sent_whatever_the_load()
    {
        await using TestSilos silos = await TestSilos.Start([SiloRole.All, SiloRole.All]);
        IRecorderGrain[] recorders = [.. Enumerable.Range(0, 4).Select(key => silos.GrainsOf(0).GetGrain<IRecorderGrain>(key))];
        Assert.Contains(silos.AddressOf(1), await Task.WhenAll(recorders.Select(recorder => recorder.Silo().AsTask())));
        Link<NodeEnvelope>[] links =
            [.. recorders.Select(recorder => new Link<NodeEnvelope>(batch => recorder.Deliver(new NodeBatch(batch)), LinkLimits.Default))];

        for (ulong number = 1; number <= Messages; number++)
        {
            foreach (Link<NodeEnvelope> link in links)
            {
                link.Add(new NodeEnvelope(NodeId.Clearing, NodeId.Account(1), new ReportTakenMessage(number)));
                link.Go();
            }

            // The load comes in bursts: often there is more than one call can take along.
            if (number % 10_000 == 0)
                await Condition.Holds(() => Array.TrueForAll(links, link => link.IsIdle));
        }

        await Condition.Holds(() => Array.TrueForAll(links, link => link.IsIdle));
        foreach (IRecorderGrain recorder in recorders)
            Assert.Equal(Enumerable.Range(1, Messages).Select(number => (ulong)number), await recorder.Numbers());
        Assert.All(links, link => Assert.Equal(0, link.Lost));
    }

    [Fact]
    public async Task A_batch_stays_the_object_it_is_within_a_silo_and_is_another_in_the_next()
    {
        await using TestSilos silos = await TestSilos.Start([SiloRole.All, SiloRole.All]);
        bool[] isSame = [false, false];
        for (int key = 0; key < 2; key++)
        {
            var recorder = silos.GrainsOf(0).GetGrain<IRecorderGrain>(key);
            var batch = new NodeBatch([new NodeEnvelope(NodeId.Clearing, NodeId.Account(1), new ReportTakenMessage(7))]);
            await recorder.Deliver(batch);
            Assert.Equal([7UL], await recorder.Numbers());
            SiloAddress silo = await recorder.Silo();
            isSame[silo.Equals(silos.AddressOf(0)) ? 0 : 1] = Recorders.Hold(batch);
        }

        Assert.Equal([true, false], isSame);
    }
}
