using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Grains.Interfaces;

namespace Exchange.Grains.Port;

/// <summary>The way to the operator's grain for commands that are no account's.</summary>
internal sealed class OperatorDesk(IGrainFactory grains, TimeProvider time)
{
    public static bool IsIts(CommandKind kind) => kind is CommandKind.SetState or CommandKind.SetIndex or CommandKind.SeedInsurance
        or CommandKind.Settle or CommandKind.SetMark or CommandKind.SettleFunding;

    /// <exception cref="TimeoutException">It was not answered: whether it was done is unknown.</exception>
    public Task<CommandReply> Do(Command command) => command.Kind switch
    {
        CommandKind.SetState => Ask(desk => desk.SetState(command.Symbol, command.State)),
        CommandKind.SetIndex => Ask(desk => desk.PostIndex(command.Symbol, command.Amount)),
        CommandKind.Settle => Ask(desk => desk.Settle(command.Symbol, command.PriceTicks)),
        CommandKind.SetMark => Ask(desk => desk.SetMark(command.Symbol, command.PriceTicks)),
        CommandKind.SettleFunding => Ask(desk => desk.SettleFunding(command.Symbol, command.Amount)),
        _ => Ask(desk => desk.Seed(command.Amount)),
    };

    /// <inheritdoc cref="Do"/>
    public Task<CommandReply> List(Instrument instrument) => Ask(desk => desk.List(BatchOf(instrument)));

    /// <inheritdoc cref="Do"/>
    public Task<CommandReply> Change(Instrument instrument) => Ask(desk => desk.Change(BatchOf(instrument)));

    private static NodeBatch BatchOf(Instrument instrument) =>
        new([new NodeEnvelope(NodeId.Operator, NodeId.Operator, new InstrumentMessage(0, instrument, TradingState.Trading))]);

    private async Task<CommandReply> Ask(Func<IOperatorGrain, ValueTask<RejectReason>> ask)
    {
        try
        {
            RejectReason reason = await ask(grains.GetGrain<IOperatorGrain>(0));
            return new CommandReply { Reason = reason, TimeMs = time.GetUtcNow().ToUnixTimeMilliseconds() };
        }
        catch (Exception cause) when (cause is not TimeoutException)
        {
            throw new TimeoutException("The operator's desk did not answer.", cause);
        }
    }
}
