namespace Exchange.Core.Port;

/// <summary>A question was not taken because too many requests wait: ask again in a moment.</summary>
public sealed class VenueOverloadedException : Exception
{
    public VenueOverloadedException()
        : base("Too many requests wait for the engine.")
    {
    }
}
