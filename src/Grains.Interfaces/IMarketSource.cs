namespace Exchange.Grains.Interfaces;

/// <summary>Whoever makes market data: a book, a mark, Clearing.</summary>
public interface IMarketSource : IGrain
{
    /// <summary>Tells a silo what comes after a place, from now on and for as long as it takes what it is told.</summary>
    /// <param name="silo">Key of the <see cref="ISiloGrain"/>.</param>
    /// <param name="heard">Where the silo stands.</param>
    ValueTask Follow(string silo, MarketPlace heard);
}

/// <summary>How far somebody has heard of a source: the last record of its journal, and the activation that told it.</summary>
/// <remarks>What a record tells is the same whoever tells it; of two activations the one with the lower epoch is over, and may know less.</remarks>
/// <param name="Epoch">0: nothing was heard.</param>
[GenerateSerializer]
public readonly record struct MarketPlace([property: Id(0)] ulong Epoch, [property: Id(1)] ulong Sequence);
