using Exchange.Core;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Tests.Support;
using Exchange.Storage.Streams;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization.Configuration;

namespace Exchange.Grains.Tests.Versions;

/// <summary>F28: two silos of which, for a while, neither knows the form that the other writes.</summary>
public sealed class MixedVersionsTests
{
    private const uint Accounts = 8;
    private const long Price = 500_000;

    [Fact]
    public async Task A_batch_of_a_later_version_is_refused_by_name_and_nothing_that_was_sent_is_lost()
    {
        var later = new LaterBuild();
        var store = new InMemoryStreamStore();
        await using TestVenue venue = await TestVenue.Open([store, store], symbols: 2, Accounts, services: silo =>
        {
            silo.AddSingleton(later);
            silo.PostConfigure<TypeManifestOptions>(types =>
            {
                Assert.True(types.Serializers.Remove(typeof(NodeBatchCodec)));
                types.Serializers.Add(typeof(LaterNodeBatchCodec));
            });
        });

        later.Writes = true;
        Task<CommandReply>[] placed = [.. Enumerable.Range(0, 64).Select(i => venue.Submit(
            venue.Limit((uint)(i % Accounts) + 1, i % 2, i / 2 % 2 == 0 ? Side.Buy : Side.Sell, lots: 1, Price), silo: i / 4 % 2))];
        try
        {
            await Condition.Holds(() => later.Refusals.Count >= 4);
            Assert.Contains(placed, reply => !reply.IsCompleted);
        }
        finally
        {
            later.Writes = false;
        }

        CommandReply[] replies = await Task.WhenAll(placed).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.All(replies, reply => Assert.Equal(RejectReason.None, reply.Reason));
        Assert.Equal(replies.Length, replies.Select(reply => (reply.Order!.Symbol, reply.Order.OrderId)).Distinct().Count());
        Assert.Equal([$"{nameof(NodeBatch)} of version {WireCodec.Version + 1} is not known here, {WireCodec.Version} is."], later.Refusals.Distinct());
        await venue.ComesToRest(Accounts);
        await TestMoney.IsConserved(venue, symbols: 2, Accounts);
        for (int symbol = 0; symbol < 2; symbol++)
            Assert.Equal(0, venue.BookOf(symbol).Book!.OpenOrderCount); // As many lots were bought as sold, at one price.
    }
}
