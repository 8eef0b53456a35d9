using Exchange.Core.Port;
using Exchange.Grains.Interfaces;

namespace Exchange.Grains.Accounts;

/// <content>What readers are shown, once it is durable.</content>
public sealed partial class PositionGrain
{
    public ValueTask<Told<OrderView?>> FindOrder(ulong orderId) => Read(() => _feed.Views.FindOrder(Id.Key, orderId));

    public ValueTask<Told<OrderView[]>> GetOpenOrders(int symbol) => Read(() => _feed.Views.GetOpenOrders(Id.Key, symbol));

    public ValueTask<Told<Page<OrderView>>> GetOrders(int symbol, ulong before, int limit) =>
        Read(() => _feed.Views.GetOrders(Id.Key, symbol, before, limit));

    public ValueTask<Told<Page<FillView>>> GetFills(int symbol, ulong before, int limit) =>
        Read(() => _feed.Views.GetFills(Id.Key, symbol, before, limit));

    public ValueTask<Told<LedgerView>> GetLedger(int symbol, ulong before, int limit) =>
        Read(() => _feed.Views.GetLedger(Id.Key, symbol, before, limit));

    /// <exception cref="VenueStoppedException">This activation is over; the next one answers.</exception>
    private async ValueTask<Told<T>> Read<T>(Func<T> read)
    {
        while (!IsOver)
        {
            if (_feed.IsDurable)
                return new Told<T>(read());
            _written ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await _written.Task;
        }

        throw new VenueStoppedException($"This activation of {Id} is over.");
    }
}
