using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Views;
using Exchange.Grains.Interfaces;

namespace Exchange.Grains.Accounts;

/// <content>What readers are shown, once it is durable.</content>
public sealed partial class PositionGrain
{
    /// <summary>A book that does not answer sooner leaves a position's place in its queue unsaid.</summary>
    private static readonly TimeSpan RankPatience = TimeSpan.FromSeconds(1);
    private TaskCompletionSource? _turned;

    public async ValueTask<Told<AccountView?>> GetAccount()
    {
        Told<AccountView?> told = await Read(
            () => Node.Exists ? AccountReader.Read(Node.Link.Account, Services.Board.Current, static (_, _) => 0) : null,
            () => Node.IsStarted && !Node.Link.IsRecovering);
        return told.Value is { Positions.Length: > 0 } view
            ? new Told<AccountView?>(view with { Positions = await Task.WhenAll(view.Positions.Select(Rank)) })
            : told;
    }

    public ValueTask<Told<OrderView?>> FindOrder(ulong orderId) => Read(() => _feed.Views.FindOrder(Id.Key, orderId));

    public ValueTask<Told<OrderView?>> FindOrderOf(string clientOrderId, int symbol) =>
        Read(() => _feed.Views.FindOrder(Id.Key, symbol, clientOrderId, Market.Count));

    public ValueTask<Told<FillView[]>> GetFillsAtEntry(ulong orderId) =>
        Read(() => _feed.Views.FindOrder(Id.Key, orderId) is { } order ? _feed.Views.FillsAtEntry(order) : []);

    public ValueTask<Told<OrderView[]>> GetOpenOrders(int symbol) => Read(() => _feed.Views.GetOpenOrders(Id.Key, symbol));

    public ValueTask<Told<Page<OrderView>>> GetOrders(int symbol, ulong before, int limit) =>
        Read(() => _feed.Views.GetOrders(Id.Key, symbol, before, limit));

    public ValueTask<Told<Page<FillView>>> GetFills(int symbol, ulong before, int limit) =>
        Read(() => _feed.Views.GetFills(Id.Key, symbol, before, limit));

    public ValueTask<Told<LedgerView>> GetLedger(int symbol, ulong before, int limit) =>
        Read(() => _feed.Views.GetLedger(Id.Key, symbol, before, limit));

    /// <param name="isReady">What else must be true; null: nothing.</param>
    /// <exception cref="VenueStoppedException">This activation is over; the next one answers.</exception>
    private async ValueTask<Told<T>> Read<T>(Func<T> read, Func<bool>? isReady = null)
    {
        while (!IsOver)
        {
            if (_feed.IsDurable && isReady?.Invoke() != false)
                return new Told<T>(read());
            if (IsEnding)
                break;
            _turned ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await _turned.Task.WaitAsync(Services.Patience, Services.Time, Services.Stopping);
        }

        throw Ended();
    }

    /// <summary>Only its book knows where a position stands among all others.</summary>
    private async Task<PositionView> Rank(PositionView position)
    {
        try
        {
            int leg = position.PositionSide == PositionSide.Short ? 1 : 0;
            ValueTask<int> asked = GrainFactory.GetGrain<IOrderBookGrain>(position.Symbol).AdlQuintile(Id.Key, leg);
            return position with { AdlQuintile = await asked.AsTask().WaitAsync(RankPatience, Services.Time) };
        }
        catch (Exception)
        {
            return position;
        }
    }

    private VenueStoppedException Ended() => new($"This activation of {Id} is over.");

    private static void Wake(ref TaskCompletionSource? waiting)
    {
        waiting?.SetResult();
        waiting = null;
    }
}
