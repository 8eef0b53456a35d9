using Exchange.Core.MarketData.Features;
using Exchange.Embedded.Tests.Backups;

namespace Exchange.Embedded.Tests;

/// <summary>What is known of entities is there again after an orderly stop; the venue does without it in any case.</summary>
public sealed class FeaturesOverRestartTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("exchange-features-").FullName;

    private static long NowMs => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task What_was_put_is_there_after_an_orderly_stop()
    {
        var put = new Feature("BTCUSDT", "fundamentals:-:supply", true, "19700000.125", "chain", NowMs);
        using (EmbeddedExchange venue = Open())
        {
            Assert.Empty(await Read(venue));
            await venue.PutFeature(put, CancellationToken.None);
        }

        using (EmbeddedExchange venue = Open())
        {
            Assert.Equal([put], await Read(venue));
            Assert.Equal(1, await venue.RemoveFeatures("BTCUSDT", "fundamentals", CancellationToken.None));
        }

        using EmbeddedExchange last = Open();
        Assert.Empty(await Read(last));
    }

    [Fact]
    public void A_venue_that_has_none_leaves_no_file()
    {
        using (Open())
        {
        }

        Assert.False(File.Exists(Path.Combine(_folder, "features")));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(-1)]
    public async Task A_damaged_file_is_left_aside(int at)
    {
        using (EmbeddedExchange venue = Open())
            await venue.PutFeature(new Feature("BTCUSDT", "news:-:headline", false, "calm", "wire", NowMs), CancellationToken.None);
        string path = Path.Combine(_folder, "features");
        byte[] bytes = File.ReadAllBytes(path);
        bytes[(at + bytes.Length) % bytes.Length] ^= 1;
        File.WriteAllBytes(path, bytes);

        using EmbeddedExchange again = Open();
        Assert.Empty(await Read(again));
    }

    private static async Task<Feature[]> Read(EmbeddedExchange venue) =>
        (await venue.GetFeatures("BTCUSDT", "", null, 100, long.MaxValue, CancellationToken.None)).Features;

    private EmbeddedExchange Open() => EmbeddedExchange.Open(VenueLoad.Options(_folder, hasReplica: false), TimeProvider.System);
}
