using System.Text;
using Exchange.Core.Feed;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Tests.Instruments;
using Exchange.Core.Views;
using Exchange.Core.Wire;

namespace Exchange.Core.Tests.Views;

/// <summary>Views of two symbols, fed with inputs made by hand; symbol 0 unless said otherwise.</summary>
internal sealed class ViewsFixture
{
    private readonly FeedBuffer _feed = new(4);
    private readonly ulong[] _depthNumbers = new ulong[2];
    private ulong _orderId;
    private ulong _tradeId;
    private ulong _sequence;

    public ViewsFixture(ViewLimits? limits = null)
    {
        Limits = limits ?? new ViewLimits();
        Views = new VenueViews(Limits);
        Views.List(Instrument(0));
        Views.List(Instrument(1));
    }

    public ViewLimits Limits { get; }

    public VenueViews Views { get; }

    public long TimeMs { get; set; } = 1_000_000;

    public static Instrument Instrument(int symbol) => TestInstruments.Create(TestInstruments.BtcSettings(), symbol);

    /// <summary>Accepts a limit order of 10 lots at 100; returns its id.</summary>
    public ulong Place(uint account, string clientId = "", int symbol = 0, OrderType type = OrderType.Limit)
    {
        ulong id = ++_orderId;
        var command = new Command
        {
            Kind = CommandKind.Place,
            Account = account,
            Symbol = symbol,
            ClientId = ClientOrderId.From(Encoding.ASCII.GetBytes(clientId)),
            Terms = new OrderTerms { Symbol = symbol, PriceTicks = 100, Lots = 10, Type = type, Flags = OrderFlags.ReduceOnly },
        };
        ref FeedEvent e = ref Add(FeedKind.OrderAccepted, account, symbol);
        e.Id = id;
        e.Status = type.IsConditional() ? OrderStatus.Waiting : OrderStatus.New;
        e.PriceTicks = 100;
        e.Lots = 10;
        Apply(in command);
        return id;
    }

    /// <summary>An order of 10 lots is filled up to <paramref name="filled"/>, by <paramref name="lots"/> at a price.</summary>
    public void Fill(uint account, ulong id, long lots, long filled, long priceTicks = 100, int symbol = 0)
    {
        AddFill(account, id, lots, filled, priceTicks, symbol);
        Apply(default);
    }

    /// <summary>The events of <see cref="Fill"/>, for an input that goes on.</summary>
    public void AddFill(uint account, ulong id, long lots, long filled, long priceTicks = 100, int symbol = 0)
    {
        ref FeedEvent fill = ref Add(FeedKind.Fill, account, symbol);
        fill.Id = id;
        fill.Other = (long)++_tradeId;
        fill.PriceTicks = priceTicks;
        fill.Lots = lots;
        fill.Amount = 7;
        fill.Money = -3;
        fill.Flags = FeedFlags.Maker;
        AddUpdate(account, id, filled == 10 ? OrderStatus.Filled : OrderStatus.PartiallyFilled, filled, symbol);
    }

    public void Cancel(uint account, ulong id, long filled = 0, int symbol = 0)
    {
        AddUpdate(account, id, OrderStatus.Canceled, filled, symbol).Reason = (byte)EndReason.User;
        Apply(default);
    }

    public ref FeedEvent AddUpdate(uint account, ulong id, OrderStatus status, long filled, int symbol = 0)
    {
        ref FeedEvent e = ref Add(FeedKind.OrderUpdated, account, symbol);
        e.Id = id;
        e.Status = status;
        e.Lots = 10;
        e.Other = filled;
        return ref e;
    }

    public void Trade(long priceTicks, long lots, int symbol = 0, FeedFlags flags = FeedFlags.None)
    {
        ref FeedEvent e = ref Add(FeedKind.Trade, 0, symbol);
        e.Id = ++_tradeId;
        e.PriceTicks = priceTicks;
        e.Lots = lots;
        e.Side = Side.Sell;
        e.Flags = flags;
        Apply(default);
    }

    public void AddLevel(Side side, long priceTicks, long lots, int symbol = 0)
    {
        ref FeedEvent e = ref Add(FeedKind.Level, 0, symbol);
        e.Id = ++_depthNumbers[symbol];
        e.Side = side;
        e.PriceTicks = priceTicks;
        e.Lots = lots;
    }

    public ref FeedEvent Add(FeedKind kind, uint account = 0, int symbol = 0)
    {
        ref FeedEvent e = ref _feed.Add();
        e.Kind = kind;
        e.Account = account;
        e.Symbol = symbol;
        e.TimeMs = TimeMs;
        e.Sequence = _sequence + 1;
        return ref e;
    }

    public void Apply(in Command command)
    {
        Views.ApplyInput(in command, ++_sequence, _feed.Events);
        _feed.Clear();
    }

    public byte[] Snapshot() => SnapshotOf(Views);

    public static byte[] SnapshotOf(VenueViews views)
    {
        var writer = new SnapshotWriter();
        views.Write(writer);
        return writer.Written.ToArray();
    }

    public VenueViews Restored(ViewLimits? limits = null)
    {
        var views = new VenueViews(limits ?? Limits);
        views.Read(new SnapshotReader(Snapshot()));
        return views;
    }
}
