namespace Exchange.Grains.Interfaces;

/// <summary>A node of the protocol as a grain; what it has to say it sends by links of its own.</summary>
public interface INodeGrain : INodeReceiver, IGrainWithIntegerKey;

/// <summary>The order book of one symbol; key: symbol id.</summary>
public interface IOrderBookGrain : INodeGrain, IMarketSource
{
    /// <summary>Where an account's position of a leg stands in the queue for deleveraging: 1 (last) to 5; 0: it has none here.</summary>
    ValueTask<int> AdlQuintile(uint account, int leg);
}

/// <summary>The mark of one symbol; key: symbol id.</summary>
public interface ITickerGrain : INodeGrain, IMarketSource;

/// <summary>The insurance fund, and what comes in and goes out; key 0.</summary>
public interface IClearingGrain : INodeGrain, IMarketSource;
