using Exchange.Core.Signatures;

namespace Exchange.Core.Tests.Signatures;

public sealed class SignatureMemoryTests
{
    private const long NowMs = 1_000_000;

    [Fact]
    public void A_signature_is_taken_once_and_remembered_as_long_as_it_could_be_sent()
    {
        var memory = new SignatureMemory(capacity: 10, floorMs: 0);

        Assert.Equal(SignatureOutcome.Fresh, memory.Take(1, NowMs, NowMs));
        Assert.Equal(SignatureOutcome.Seen, memory.Take(1, NowMs, NowMs));
        Assert.Equal(SignatureOutcome.Fresh, memory.Take(2, NowMs, NowMs));
        Assert.Equal(SignatureOutcome.Seen, memory.Take(1, NowMs, NowMs + SignatureMemory.WidestWindowMs));
    }

    [Fact]
    public void A_full_memory_narrows_the_window_and_never_forgets_what_it_would_accept()
    {
        var memory = new SignatureMemory(capacity: 2, floorMs: 0);

        Assert.Equal(SignatureOutcome.Fresh, memory.Take(1, 10_000, 12_000));
        Assert.Equal(SignatureOutcome.Fresh, memory.Take(2, 11_000, 12_000));
        Assert.Equal(SignatureOutcome.Fresh, memory.Take(3, 11_500, 12_000));
        Assert.Equal(SignatureOutcome.Forgotten, memory.Take(1, 10_000, 12_000));
        Assert.Equal(11_000, memory.FloorMs);
        Assert.Equal(SignatureOutcome.Full, memory.Take(4, 11_600, 12_000));
    }

    [Fact]
    public void Until_its_floor_is_reached_it_cannot_know_and_from_then_on_what_is_stamped_before_is_refused()
    {
        var memory = new SignatureMemory(capacity: 10, floorMs: NowMs + 2_000);

        Assert.Equal(SignatureOutcome.Unknown, memory.Take(1, NowMs + 1_999, NowMs + 1_999));
        Assert.Equal(SignatureOutcome.Forgotten, memory.Take(1, NowMs + 1_999, NowMs + 2_000));
        Assert.Equal(SignatureOutcome.Fresh, memory.Take(2, NowMs + 2_000, NowMs + 2_000));
    }
}
