using Exchange.Grains.Interfaces;
using Exchange.Grains.Links;
using Exchange.Grains.Silos;

namespace Exchange.Grains.Markets;

/// <summary>The way of this silo's market data to silos: at once to its own mirror, to another silo what all sources here have, together.</summary>
/// <remarks>Any thread. A source has one batch under way to a silo, so that what gathers is bounded by the sources here.</remarks>
public sealed class MarketRelay(IGrainFactory grains, ILocalSiloDetails self, MarketMirror mirror)
{
    /// <summary>Sources of one call: together far less than a message may hold.</summary>
    private static readonly LinkLimits Limits = new(MostAtOnce: 64);
    private readonly string _self = SiloDirectory.KeyOf(self.SiloAddress);
    private readonly SiloLinks<Parcel> _others = new(grains, Carry, Limits);

    /// <param name="silo">Key of the <see cref="ISiloGrain"/>.</param>
    /// <returns>How far the silo has heard of the source.</returns>
    internal Task<MarketPlace> Tell(string silo, MarketBatch batch)
    {
        // Not by the source's turns: readers are no business of theirs.
        if (silo == _self)
            return Task.Run(() => mirror.Take(batch));
        var parcel = new Parcel(batch);
        if (batch.IsSnapshot)
        {
            // It is much to carry: the others do not wait for it.
            _ = Task.Run(() => Carry(grains.GetGrain<ISiloGrain>(silo), [parcel]).AsTask());
            return parcel.Heard.Task;
        }

        _others.Send(silo, parcel);
        return parcel.Heard.Task;
    }

    private static async ValueTask Carry(ISiloGrain silo, Parcel[] parcels)
    {
        try
        {
            MarketPlace[] heard = await silo.Tell([.. parcels.Select(parcel => parcel.Batch)]);
            for (int i = 0; i < parcels.Length; i++)
                parcels[i].Heard.SetResult(heard[i]);
        }
        catch (Exception failed)
        {
            foreach (Parcel parcel in parcels)
                parcel.Heard.TrySetException(failed);
        }
    }

    private sealed class Parcel(MarketBatch batch)
    {
        public MarketBatch Batch => batch;

        public TaskCompletionSource<MarketPlace> Heard { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
