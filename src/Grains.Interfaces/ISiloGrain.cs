namespace Exchange.Grains.Interfaces;

/// <summary>What a silo has beside its grains: the table of marks, and its clients; key: the silo's address. It lives there and nowhere else.</summary>
public interface ISiloGrain : INodeReceiver, IGrainWithStringKey
{
    /// <summary>Takes what an account answers clients here.</summary>
    ValueTask Answer(ReplyBatch batch);
}
