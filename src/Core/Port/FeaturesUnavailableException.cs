namespace Exchange.Core.Port;

/// <summary>An entity's features cannot be had or changed now: what keeps them is away, or comes up elsewhere.</summary>
public sealed class FeaturesUnavailableException(Exception? cause = null) : Exception("The features do not answer.", cause);
