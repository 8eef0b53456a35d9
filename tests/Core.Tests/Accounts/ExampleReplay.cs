using System.Text.Json;
using Exchange.Core.Accounts;
using Exchange.Core.Books;
using Exchange.Core.Instruments;
using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Accounts;

/// <summary>Replays a worked example through accounts alone: the book's part is taken from the expected events.</summary>
/// <remarks>
/// What accounts decide is compared: refusals, fees, profits, closes of liquidations, and every figure of the final state.
/// What the book decides (fills, triggers, trims) is fed to them as it is written down.
/// </remarks>
internal sealed partial class ExampleReplay
{
    private static readonly JsonDocument Examples = JsonDocument.Parse(
        File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "Semantics", "examples.json")));

    private readonly JsonElement _example;
    private readonly string[] _symbols;
    private readonly string[] _names;
    private readonly MarginAccount[] _accounts;
    private readonly ulong[,] _numbers;
    private readonly Dictionary<ulong, Order> _orders = [];
    private readonly MarketTable _market = new();
    private long _timeMs;
    private long _fundE8;
    private int _step;

    public ExampleReplay(string id)
    {
        _example = Examples.RootElement.GetProperty("examples").EnumerateArray().Single(e => e.GetProperty("id").GetString() == id);
        _symbols = [.. _example.GetProperty("symbols").EnumerateArray().Select(s => s.GetString()!)];
        _names = [.. Steps.Where(s => s.TryGetProperty("account", out _)).Select(s => s.GetProperty("account").GetString()!)
            .Distinct().Order(StringComparer.Ordinal)];
        _accounts = [.. Enumerable.Range(1, _names.Length).Select(i => new MarginAccount((uint)i))];
        _numbers = new ulong[_symbols.Length, _names.Length];
        JsonElement specs = Examples.RootElement.GetProperty("symbolSpecs");
        foreach (string symbol in _symbols)
            _market.Add(ToInstrument(specs.GetProperty(symbol), _market.Count, id));
        _fundE8 = Money(_example.GetProperty("insurance"));
    }

    public static IEnumerable<string> Ids => Examples.RootElement.GetProperty("examples").EnumerateArray()
        .Where(e => e.TryGetProperty("steps", out _)).Select(e => e.GetProperty("id").GetString()!);

    private IEnumerable<JsonElement> Steps => _example.GetProperty("steps").EnumerateArray();

    public void Run()
    {
        foreach (JsonElement step in Steps)
        {
            _step++;
            if (step.TryGetProperty("t", out JsonElement t))
                _timeMs = Math.Max(_timeMs, t.GetInt64());
            Events events = new([.. step.GetProperty("events").EnumerateArray()]);
            try
            {
                Play(step, step.GetProperty("op").GetString()!, events);
                Assert.True(events.IsAtEnd, "events left");
                CheckAccounts();
            }
            catch (Exception fault) when (fault is not SkipException)
            {
                throw new InvalidOperationException($"step {_step}: {step.GetRawText()}\n{fault.Message}", fault);
            }
        }

        CheckFinal(_example.GetProperty("final"));
    }

    private void Play(JsonElement step, string op, Events events)
    {
        switch (op)
        {
            case "mark":
                ref MarketTable.Entry entry = ref _market[SymbolOf(step)];
                long markTicks = PriceTicks(step.GetProperty("price"), SymbolOf(step));
                entry.Gap = entry.Gap.Move(entry.Instrument, entry.MarkTicks, markTicks);
                entry.MarkTicks = markTicks;
                FeedInstant(events);
                break;
            case "funding" or "time":
                FeedInstant(events);
                break;
            case "place":
                Place(step, events);
                break;
            case "amend":
                Amend(step, events);
                break;
            case "cancel":
                Cancel(step, events);
                break;
            case "cancelAll" or "countdown":
                FeedAll(events);
                break;
            default:
                FeedUntilOutcome(events);
                Outcome(Setting(step, op), events);
                break;
        }
    }

    private RejectReason Setting(JsonElement step, string op)
    {
        MarginAccount account = AccountOf(step);
        switch (op)
        {
            case "deposit":
                return account.Deposit(default, Money(step.GetProperty("amount")));
            case "withdraw":
                return account.Withdraw(default, Money(step.GetProperty("amount")), _market);
            case "leverage":
                return account.SetLeverage(SymbolOf(step), step.GetProperty("leverage").GetInt32(), _market);
            case "marginMode":
                MarginMode mode = step.GetProperty("mode").GetString() == "ISOLATED" ? MarginMode.Isolated : MarginMode.Cross;
                return account.SetMarginMode(SymbolOf(step), mode, _market);
            case "positionMode":
                return account.SetPositionMode(step.GetProperty("hedge").GetBoolean());
            case "adjustMargin":
                return account.AdjustMargin(default, SymbolOf(step), SideOfPosition(step), Money(step.GetProperty("amount")), _market);
            default:
                throw new InvalidOperationException(op);
        }
    }

    private void Place(JsonElement step, Events events)
    {
        FeedUntilOutcome(events);
        OrderTerms terms = ToTerms(step);
        MarginAccount account = AccountOf(step);
        BookInput input = default;
        if (account.NeedsRegistration(terms.Symbol))
            account.FillRegister(terms.Symbol, _market, _timeMs, ref input);
        RejectReason reason = account.JudgePlace(in terms, _market, _timeMs);
        string? expected = events.PeekRejection();
        if (reason == RejectReason.None && expected is not ("REDUCE_ONLY_REJECT" or "WOULD_TRIGGER"))
            reason = account.ReservePlace(in terms, _market, events.PeekId(), _timeMs, ref input);
        if (reason == RejectReason.None && expected is "POST_ONLY_WOULD_CROSS" or "FOK_WOULD_NOT_FILL")
            account.Resolve(terms.Symbol, input.CommandKey, _market[terms.Symbol].Instrument);
        bool isBooks = expected is "REDUCE_ONLY_REJECT" or "WOULD_TRIGGER" or "POST_ONLY_WOULD_CROSS" or "FOK_WOULD_NOT_FILL";
        if (isBooks && reason == RejectReason.None)
        {
            events.Take();
            return;
        }

        if (!Outcome(reason, events))
            return;
        Tell(terms.Symbol, account.Id, AccountFixture.Accepted(in input));
        _orders[input.OrderId] = new Order { Account = account.Id, Terms = terms, Leaves = terms.Lots };
        events.Take();
        FeedAll(events);
        account.Resolve(terms.Symbol, input.CommandKey, _market[terms.Symbol].Instrument);
        Assert.Equal(0, account.HeldE8);
    }

    private void Amend(JsonElement step, Events events)
    {
        FeedUntilOutcome(events);
        MarginAccount account = AccountOf(step);
        ulong id = step.GetProperty("id").GetUInt64();
        int symbol = _orders.TryGetValue(id, out Order? order) ? order.Terms.Symbol : 0;
        OrderFields fields = OrderFields.None;
        long price = 0;
        long lots = 0;
        if (step.TryGetProperty("price", out JsonElement p))
        {
            price = PriceTicks(p, symbol);
            fields |= OrderFields.Price;
        }

        if (step.TryGetProperty("qty", out JsonElement q))
        {
            lots = Lots(q, symbol);
            fields |= OrderFields.Lots;
        }

        BookInput input = default;
        RejectReason reason = account.JudgeAmend(symbol, id, fields, price, lots, _market);
        if (reason == RejectReason.None)
            reason = account.ReserveAmend(symbol, id, fields, price, lots, _market, _timeMs, ref input);
        if (!Outcome(reason, events))
            return;
        _amend = input;
        FeedAll(events);
        account.Resolve(symbol, input.CommandKey, _market[symbol].Instrument);
        Assert.Equal(0, account.HeldE8);
    }

    private void Cancel(JsonElement step, Events events)
    {
        FeedUntilOutcome(events);
        MarginAccount account = AccountOf(step);
        ulong id = step.GetProperty("id").GetUInt64();
        BookInput input = default;
        int symbol = _orders.TryGetValue(id, out Order? order) ? order.Terms.Symbol : 0;
        if (Outcome(account.Cancel(symbol, id, EndReason.User, _timeMs, ref input), events))
            FeedAll(events);
    }

    /// <summary>Compares an outcome with the next event; true if the input passed.</summary>
    private static bool Outcome(RejectReason reason, Events events)
    {
        string? expected = events.PeekRejection();
        Assert.Equal(expected ?? "NONE", Name(reason));
        if (expected is null)
            return true;
        events.Take();
        return false;
    }

    private static string Name(RejectReason reason) => string.Concat(
        reason.ToString().Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : char.ToUpperInvariant(c).ToString()));

    /// <summary>What the ranges promise must hold after every step, and an account read back must be the same.</summary>
    private void CheckAccounts()
    {
        for (int i = 0; i < _accounts.Length; i++)
        {
            MarginAccount account = _accounts[i];
            account.CheckInvariants(_market);
            if (_step % 3 == 0)
                account = _accounts[i] = AccountFixture.ReadBack(account);
            WatchOutcome outcome = account.Watch(_market);
            bool isFine = !account.IsUnderAtMarks(_market) && account.IsPayable(_market);
            Assert.Equal(isFine, (outcome & (WatchOutcome.Under | WatchOutcome.Unpayable)) == 0);
            while (account.TryTakeRange(out _, out _))
            {
            }
        }
    }

    private sealed class Order
    {
        public uint Account;
        public OrderTerms Terms;
        public long Leaves;
    }

    /// <summary>The expected events of a step, taken one by one.</summary>
    private sealed class Events(JsonElement[] items)
    {
        private int _at;

        public bool IsAtEnd => _at == items.Length;

        public JsonElement Peek => items[_at];

        public string PeekKind => IsAtEnd ? "" : Peek.GetProperty("e").GetString()!;

        public JsonElement Take() => items[_at++];

        public string? PeekRejection() => PeekKind == "rejected" ? Peek.GetProperty("error").GetString() : null;

        public ulong PeekId() => PeekKind == "accepted" ? Peek.GetProperty("id").GetUInt64() : 0;

        /// <summary>Whether an outcome of the step's own input is still to come.</summary>
        public bool HasOutcomeAhead => items.Skip(_at).Any(e => e.GetProperty("e").GetString() is "accepted" or "rejected");
    }
}
