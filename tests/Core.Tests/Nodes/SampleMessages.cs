using Exchange.Core.Accounts;
using Exchange.Core.Books;
using Exchange.Core.Marks;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Tests.Instruments;

namespace Exchange.Core.Tests.Nodes;

/// <summary>One message of every kind, with something in every field.</summary>
internal static class SampleMessages
{
    private static readonly BookEvent[] Events =
    [
        new()
        {
            Number = 8, Account = 3, Kind = BookEventKind.Fill, Flags = BookEventFlags.Sell | BookEventFlags.Maker, OrderId = 1L << 41,
            PriceTicks = 500_000, Lots = 2, LeavesLots = 1, OtherId = 77, Amount = 12, TimeMs = 1_000, MarkTicks = 499_999,
        },
        new() { Number = 9, Account = 3, Kind = BookEventKind.Canceled, Reason = EndReason.User, PositionSide = PositionSide.Short },
    ];

    private static readonly MarkUpdate Update = new(5, 500_001, 7_000, new MarkGap(-3, 4));

    private static readonly PriceRange Range = new(3, 2, 9, 400_000, long.MaxValue);

    public static NodeMessage[] All() =>
    [
        new BatchMessage(3, 2, 7, 8, new Acknowledgement(6, -5, 0), Commands()) { ClientIds = [.. Commands().Select(_ => Name())] },
        new RegisterMessage(3, 2, 8, 100, -100),
        new AcknowledgeMessage(3, 2, new Acknowledgement(6, 7, 8)),
        new LeaveMessage(3, 2),
        new EventsWantedMessage(3, 8),
        new BatchAnswer(1, 2, 7, RejectReason.None, [new CommandOutcome(RejectReason.None, 5), new(RejectReason.Moved, 0)], Events, 9),
        new RegisteredMessage(1, 2, RejectReason.StaleEpoch, [Open()], Events, [new RememberedOrder(new ClientKey(1, 2), 3, 4, 5)], 9)
        {
            Named = [new NamedOrder { Number = 8, OrderId = 5, Terms = Commands()[0].Terms, ClientId = Name() }],
        },
        new LeftMessage(1, 2, RejectReason.OpenOrders),
        new EventsMessage(1, Events, 12),
        new IndexMessage(11, 5_000_000_000_000),
        new IndexTakenMessage(1, 11, RejectReason.PriceBandOfIndex),
        new SampleMessage(44, 499_999, 500_001, 500_000, true, new ImpactDepth(1, 2, 3), new ImpactDepth(4, 5, 6)),
        new MarkMessage(1, Update),
        new FundingRoundMessage(new FundingRound(3_600_000, -5, 500_000)),
        new FundingRoundTakenMessage(3_600_000),
        new RangeMessage(Range),
        new RangeTakenMessage(1, 2, 9),
        new WakeMessage(1, Update, Range),
        new SetMarkMessage(12, 500_000),
        new SettleFundingMessage(13, -5_000),
        new HandTakenMessage(1, 13, RejectReason.SymbolNotTrading),
        new ReserveMessage(3, 4, 5, 6),
        new GrantedMessage(4, 5, 6),
        new SettleMessage(3, 4, 5, 6, 7),
        new SettledMessage(4, 5),
        new TotalsMessage(3, 12, new AccountTotals(1, 2, 3, 4, 5)),
        new RemaindersMessage(1, 13, -14),
        new ReportTakenMessage(12),
        new SeedMessage(1, 100),
        new SeedTakenMessage(1, RejectReason.AmountRange),
        new InstrumentMessage(3, TestInstruments.Btc(), TradingState.Halted, 499_000),
        new InstrumentTakenMessage(NodeId.Mark(1), 3, RejectReason.OpenOrders),
        new HelloMessage(),
        new SessionMessage(3, 2UL << 32 | 1, 5),
        new CommandsMessage(2UL << 32 | 1, 5, 4, [Place(), new Command { Kind = CommandKind.SetPositionMode, Account = 3, Hedge = true }]),
        new RepliesMessage(3, 2UL << 32 | 1, [new CommandAnswer(5, 6, RejectReason.None, true), new(7, 0, RejectReason.NoChange, false)]),
    ];

    private static BookInput[] Commands()
    {
        BookInput[] commands =
        [
            new() { Kind = BookInputKind.Place, Terms = Place().Terms, ReserveTicks = 500_000, WorstTicks = 510_000 },
            new() { Kind = BookInputKind.CloseFull, Liquidation = 4, Step = 5, BankruptcyTicks = 480_000, Amount = 3, Number = 8 },
        ];
        for (int i = 0; i < commands.Length; i++)
            (commands[i].Account, commands[i].Epoch, commands[i].Batch, commands[i].Index, commands[i].Count) = (3, 2, 7, (ushort)i, 2);
        return commands;
    }

    private static OpenOrder Open() => new()
    {
        OrderId = 5, ClientKey = new ClientKey(1, 2), PriceTicks = 500_000, TotalLots = 3, FilledLots = 1, ReserveTicks = 500_000,
        Side = Side.Sell, Type = OrderType.StopLimit, StopTicks = 490_000, Flags = OrderFlags.ReduceOnly, IsWaiting = true,
    };

    private static Command Place() => new()
    {
        Kind = CommandKind.Place,
        Account = 3,
        Symbol = 1,
        Terms = new OrderTerms
        {
            Symbol = 1, PriceTicks = 500_000, Lots = 3, Side = Side.Sell, Flags = OrderFlags.ReturnRepeats, ClientKey = new ClientKey(7, 8),
            Fields = OrderFields.Price | OrderFields.Lots,
        },
        ClientId = ClientOrderId.From("my-order-1"u8),
    };

    private static ClientOrderId Name() => ClientOrderId.From("as-its-client-named-it"u8);
}
