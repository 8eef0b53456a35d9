namespace Exchange.Core.Port;

/// <summary>What a command will touch, as far as it can be told without looking: what <see cref="Engine.Prefetch"/> needs.</summary>
public readonly record struct CommandAim(uint Account, int Symbol, ulong OrderId, long PriceTicks)
{
    /// <summary>The aim of a command; symbol -1: none in particular.</summary>
    public static CommandAim Of(in Command command) => command.Kind switch
    {
        CommandKind.Place => new CommandAim(command.Account, command.Terms.Symbol, 0, command.Terms.PriceTicks),
        CommandKind.Cancel => new CommandAim(command.Account, command.Symbol, command.OrderId, 0),
        CommandKind.Amend => new CommandAim(command.Account, command.Symbol, command.OrderId, command.PriceTicks),
        _ => new CommandAim(command.Account, -1, 0, 0),
    };
}
