using Exchange.Core.Accounts;
using Exchange.Core.Books;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Units;

namespace Exchange.Core.Tests.Engines;

/// <summary>An engine with the symbols of <see cref="EngineInstruments"/> at their first marks, told what to do in few words.</summary>
internal sealed class EngineFixture
{
    private long _timeMs = 1_000;

    public EngineFixture(params ReadOnlySpan<uint> accounts)
    {
        foreach (Instrument instrument in EngineInstruments.Create())
        {
            Engine.Apply(new Command { Kind = CommandKind.ListInstrument }, _timeMs, Output, instrument);
            Mark(instrument.SymbolId, EngineInstruments.FirstMarks[instrument.SymbolId]);
        }

        foreach (uint account in accounts)
        {
            Apply(new Command { Kind = CommandKind.CreateAccount, Account = account });
            Apply(new Command { Kind = CommandKind.Deposit, Account = account, Amount = 10_000 * Rounding.OneE8 });
        }
    }

    public Engine Engine { get; } = new();

    public EngineOutput Output { get; } = new();

    public RejectReason Apply(Command command, long? timeMs = null)
    {
        _timeMs = timeMs ?? _timeMs;
        Engine.Apply(in command, _timeMs, Output);
        return Output.Reason;
    }

    public void Mark(int symbol, long ticks) =>
        Assert.Equal(RejectReason.None, Apply(new Command { Kind = CommandKind.SetMark, Symbol = symbol, PriceTicks = ticks }));

    /// <summary>A limit order; returns its id.</summary>
    public ulong Limit(uint account, int symbol, Side side, long lots, long ticks) => Place(account, new OrderTerms
    {
        Symbol = symbol, Side = side, Lots = lots, PriceTicks = ticks, Fields = OrderFields.Price | OrderFields.Lots,
    });

    public ulong Place(uint account, OrderTerms terms)
    {
        RejectReason reason = Apply(new Command { Kind = CommandKind.Place, Account = account, Symbol = terms.Symbol, Terms = terms });
        Assert.Equal(RejectReason.None, reason);
        return Output.OrderId;
    }

    public long Position(uint account, int symbol) => Engine.Account(account)!.PositionOf(symbol, 0).Lots;

    public EngineEvent Told(BookEventKind kind)
    {
        foreach (EngineEvent e in Output.Events)
        {
            if (e.Kind == EngineEventKind.Book && e.Book.Kind == kind)
                return e;
        }

        throw new InvalidOperationException($"No {kind} was told.");
    }

    public bool HasTold(BookEventKind kind) => Output.Events.ToArray().Any(e => e.Kind == EngineEventKind.Book && e.Book.Kind == kind);
}
