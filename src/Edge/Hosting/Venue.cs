using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Port;
using Exchange.Core.Units;
using Exchange.Edge.Errors;

namespace Exchange.Edge.Hosting;

/// <summary>The port as the endpoints use it: refuses while the venue is not up, and does not wait for ever.</summary>
internal sealed class Venue(IExchange exchange, EdgeOptions options, TimeProvider time) : IDisposable
{
    private readonly PatientWaits _waits = new(TimeSpan.FromMilliseconds(options.CommandTimeoutMs), time);

    public IExchange Exchange => exchange;

    /// <summary>Why nothing can be asked of the venue now; null: it can.</summary>
    public Problem? Refuse()
    {
        if (exchange.Health == VenueHealth.Stopped)
            return new Problem(ErrorCatalogue.VenueStopped);
        return exchange.IsReady ? null : new Problem(ErrorCatalogue.NotReady);
    }

    /// <summary>It takes commands, if only cancels.</summary>
    public static bool IsUp(IExchange exchange) => exchange.IsReady && exchange.Health != VenueHealth.Stopped;

    /// <summary>Submits a command.</summary>
    /// <exception cref="TimeoutException">The outcome is unknown.</exception>
    public ValueTask<CommandReply> Submit(in Command command) => Bounded(exchange.Submit(command, CancellationToken.None));

    /// <summary>Waits for a query no longer than for a command.</summary>
    public ValueTask<T> Bounded<T>(ValueTask<T> pending) => _waits.Bound(pending);

    public void Dispose() => _waits.Dispose();

    /// <summary>The venue's refusal of a command as a problem; null: it was carried out.</summary>
    /// <param name="instrument">Gives the unit of the limit; null where none is concerned.</param>
    public static Problem? Refusal(CommandReply reply, Instrument? instrument)
    {
        if (reply.Reason == RejectReason.None)
            return null;
        ErrorEntry entry = ErrorCatalogue.Of(reply.Reason);
        return new Problem(entry) { Limit = reply.LimitValue == 0 ? null : LimitText(entry.LimitUnit, reply.LimitValue, instrument) };
    }

    private static string? LimitText(LimitUnit unit, long value, Instrument? instrument) => unit switch
    {
        LimitUnit.Price => instrument?.PriceText(value),
        LimitUnit.Qty => instrument?.QuantityText(value),
        LimitUnit.Money => DecimalText.ToText(value),
        LimitUnit.Count => value.ToString(),
        _ => null,
    };
}
