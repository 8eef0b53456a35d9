namespace Exchange.Grains.Interfaces;

/// <summary>What a silo has beside its grains: the table of marks, its clients, and its readers of market data; key: the silo's address. It lives there and nowhere else.</summary>
public interface ISiloGrain : INodeReceiver, IGrainWithStringKey
{
    /// <summary>What the silo is called, and what it is there for.</summary>
    ValueTask<(string Name, string Role)> Introduce();

    /// <summary>Takes what an account answers clients here.</summary>
    ValueTask Answer(ReplyBatch batch);

    /// <summary>Takes market data for the readers here, of each source at most one batch.</summary>
    /// <returns>For each, how far they have heard of its source now: where it goes on.</returns>
    ValueTask<MarketPlace[]> Tell(MarketBatch[] batches);
}
