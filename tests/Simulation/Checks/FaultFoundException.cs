namespace Exchange.Simulation.Checks;

/// <summary>The simulation found something that must not be.</summary>
internal sealed class FaultFoundException(string message) : Exception(message);
