using Exchange.Api.Demo;

namespace Exchange.Api.Tests.Demo;

public sealed class DemoPathTests
{
    private const long Anchor = 5_000_000_000_000;

    [Fact]
    public void The_same_seed_gives_the_same_path_and_another_seed_another()
    {
        Assert.Equal(Walk(1, 500), Walk(1, 500));
        Assert.NotEqual(Walk(1, 500), Walk(2, 500));
    }

    /// <summary>Golden: a change of the generator is a change of every demo market.</summary>
    [Fact]
    public void The_path_of_a_seed_never_changes() => Assert.Equal([4_999_639_150_000, 4_999_977_825_556, 4_999_937_775_734], Walk(1, 3));

    [Fact]
    public void Half_a_million_steps_stay_within_a_fifth_of_the_anchor()
    {
        for (int seed = 1; seed <= 4; seed++)
            Assert.All(Walk(seed, 500_000), price => Assert.InRange(price, Anchor * 4 / 5, Anchor * 6 / 5));
    }

    [Fact]
    public void No_step_is_larger_than_a_percent_and_some_are_leaps()
    {
        long[] moves = MovesE8(1, 100_000);
        Assert.All(moves, move => Assert.InRange(move, -1_000_000, 1_000_000));
        Assert.InRange(moves.Count(move => Math.Abs(move) > 90_000), 40, 400);
    }

    /// <summary>After a turbulent minute comes another more often than after a quiet one.</summary>
    [Fact]
    public void Turbulence_comes_in_clusters()
    {
        const int steps = 240;
        long[] minutes = [.. MovesE8(1, 200_000).Chunk(steps).Select(minute => minute.Sum(Math.Abs) / steps)];
        long median = minutes.Order().ElementAt(minutes.Length / 2);

        int afterTurbulent = 0;
        int afterQuiet = 0;
        for (int i = 1; i < minutes.Length; i++)
        {
            if (minutes[i] > median && minutes[i - 1] > median)
                afterTurbulent++;
            else if (minutes[i] > median)
                afterQuiet++;
        }

        Assert.True(afterTurbulent > afterQuiet * 3 / 2, $"{afterTurbulent} turbulent minutes after turbulent ones, {afterQuiet} after quiet ones");
    }

    [Fact]
    public void Normal_throws_have_the_mean_and_the_deviation_they_should()
    {
        long[] thrown = [.. Enumerable.Range(0, 100_000).Select(step => (long)new DemoDice(1, DemoPurpose.Market, 0, step).Normal())];
        Assert.InRange(thrown.Sum() / thrown.Length, -15, 15);
        Assert.InRange(thrown.Sum(throw1 => throw1 * throw1) / thrown.Length, 980_000, 1_020_000);
    }

    private static long[] MovesE8(int seed, int steps)
    {
        long[] prices = Walk(seed, steps);
        return [.. Enumerable.Range(1, steps - 1).Select(i => (long)((Int128)(prices[i] - prices[i - 1]) * 100_000_000 / prices[i - 1]))];
    }

    private static long[] Walk(int seed, int steps)
    {
        var path = new DemoPath(seed, 0, Anchor);
        long[] prices = new long[steps];
        long price = Anchor;
        for (int step = 0; step < steps; step++)
            prices[step] = price = path.Next(price, step + 1);
        return prices;
    }
}
