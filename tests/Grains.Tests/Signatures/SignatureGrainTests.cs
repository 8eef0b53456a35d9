using Exchange.Core.Signatures;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Placement;
using Exchange.Grains.Tests.Support;

namespace Exchange.Grains.Tests.Signatures;

/// <summary>A signature that one edge took is refused at every other, also after the grain that remembers it came up anew.</summary>
public sealed class SignatureGrainTests
{
    private const int Part = 7;

    private static long NowMs => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public async Task A_signature_is_taken_once_over_all_silos()
    {
        await using TestSilos silos = await TestSilos.Start([SiloRole.All, SiloRole.All]);
        await Knows(silos.GrainsOf(0));
        long stampMs = NowMs;

        SignatureOutcome[] first = await Take(silos.GrainsOf(0), stampMs, 1, 2, 1);
        SignatureOutcome[] second = await Take(silos.GrainsOf(1), stampMs, 2, 3);

        Assert.Equal([SignatureOutcome.Fresh, SignatureOutcome.Fresh, SignatureOutcome.Seen], first);
        Assert.Equal([SignatureOutcome.Seen, SignatureOutcome.Fresh], second);
    }

    [Fact]
    public async Task A_new_activation_takes_nothing_that_the_one_before_may_have_taken()
    {
        await using TestSilos silos = await TestSilos.Start([SiloRole.All]);
        await Knows(silos.GrainsOf(0));
        long stampMs = NowMs + SignatureMemory.MostAheadMs - 100;
        Assert.Equal([SignatureOutcome.Fresh], await Take(silos.GrainsOf(0), stampMs, 1));

        await silos.Deactivate<ISignatureGrain>(Part);

        Assert.Equal([SignatureOutcome.Unknown], await Take(silos.GrainsOf(0), NowMs, 2));
        await Knows(silos.GrainsOf(0));
        Assert.Equal([SignatureOutcome.Forgotten], await Take(silos.GrainsOf(0), stampMs, 1));
        Assert.Equal([SignatureOutcome.Fresh], await Take(silos.GrainsOf(0), NowMs, 3));
    }

    [Fact]
    public async Task What_is_stamped_too_far_ahead_of_the_silos_clock_is_not_taken()
    {
        await using TestSilos silos = await TestSilos.Start([SiloRole.All]);
        await Knows(silos.GrainsOf(0));

        Assert.Equal([SignatureOutcome.Unknown], await Take(silos.GrainsOf(0), NowMs + SignatureMemory.MostAheadMs + 5_000, 1));
    }

    private static Task Knows(IGrainFactory grains) => Condition.Holds(async () => await grains.GetGrain<ISignatureGrain>(Part).KnowsInMs() == 0);

    private static async Task<SignatureOutcome[]> Take(IGrainFactory grains, long stampMs, params UInt128[] signatures) =>
        await grains.GetGrain<ISignatureGrain>(Part).Take(new SignatureBatch(signatures, [.. signatures.Select(_ => stampMs)]));
}
