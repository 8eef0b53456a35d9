using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;

namespace Exchange.Grains.Port;

/// <content>Commands: an account's go to its grain, all others to the operator's desk.</content>
public sealed partial class GrainExchange
{
    /// <summary>How long a change that is made is waited for to show here; it comes in any case.</summary>
    private static readonly TimeSpan ShowsWithin = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    public ValueTask<CommandReply> Submit(in Command command, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return OperatorDesk.IsIts(command.Kind) ? SubmitToDesk(command) : SubmitToAccount(in command);
    }

    public async ValueTask<CommandReply> List(Instrument instrument, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        CommandReply reply = await Count(CommandKind.ListInstrument, _desk.List(instrument));
        await UntilItShows(reply, () => _markets.SymbolCount > instrument.SymbolId && _markets.IsComplete);
        return reply;
    }

    public ValueTask<CommandReply> Change(Instrument instrument, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        return Count(CommandKind.ChangeInstrument, _desk.Change(instrument));
    }

    private async ValueTask<CommandReply> SubmitToDesk(Command command)
    {
        CommandReply reply = await Count(command.Kind, _desk.Do(command));
        await UntilItShows(reply, command.Kind switch
        {
            CommandKind.SetState => () => GetState(command.Symbol) == command.State,
            CommandKind.Settle => () => GetState(command.Symbol) == TradingState.Settled,
            CommandKind.SetIndex => () => GetTicker(command.Symbol).IndexE8 == command.Amount,
            CommandKind.SetMark => () => GetTicker(command.Symbol).MarkTicks == command.PriceTicks,
            _ => static () => true,
        });
        return reply;
    }

    /// <summary>Whoever changed something finds it changed, at this edge at once.</summary>
    private async ValueTask UntilItShows(CommandReply reply, Func<bool> shows)
    {
        if (reply.Reason != RejectReason.None || shows())
            return;
        long began = _time.GetTimestamp();
        using var look = new PeriodicTimer(Look, _time);
        while (!shows() && _time.GetElapsedTime(began) < ShowsWithin && !_stopping.IsCancellationRequested)
            await look.WaitForNextTickAsync(CancellationToken.None);
    }

    private ValueTask<CommandReply> SubmitToAccount(in Command command)
    {
        try
        {
            return Count(command.Kind, _clients.Submit(in command));
        }
        catch (VenueOverloadedException)
        {
            _figures.CountShed(command.Kind);
            return new(new CommandReply { Reason = RejectReason.Overloaded });
        }
    }

    private async ValueTask<CommandReply> Count(CommandKind kind, Task<CommandReply> answered)
    {
        CommandReply reply = await answered;
        _figures.CountCommand(kind, reply.Reason != RejectReason.None);
        return reply;
    }
}
