using System.Globalization;
using System.Text;
using Exchange.Core.Books;
using Exchange.Core.Orders;

namespace Exchange.Core.Tests.Books;

/// <summary>The small language of the rule tests: orders are read from it, events are told in it.</summary>
internal static class BookLanguage
{
    public static readonly string[] Accounts = ["alice", "bob", "carol", "dave", "eve"];

    private static readonly Dictionary<OrderType, string> TypeNames = Enum.GetValues<OrderType>()
        .ToDictionary(t => t, t => Snake(t.ToString()));

    public static uint Account(string name) => (uint)Array.IndexOf(Accounts, name) + 1;

    public static string Name(uint account) =>
        account >= 1 && account <= Accounts.Length ? Accounts[account - 1] : $"account{account}";

    public static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    public static string FirstWord(string line) => line.Split(' ')[0];

    public static IEnumerable<(string Name, string Value)> Options(string line) => line.Split(' ')
        .Select(word => word.Split('=')).Select(parts => (parts[0], parts.Length > 1 ? parts[1] : ""));

    /// <summary>
    /// <c>account buy|sell lots [@ price] [type=STOP_LIMIT stop=98 …]</c>. Without a price and a type it is a market order.
    /// Flags: <c>reduceOnly closePosition priceProtect</c>; more: <c>tif gtd stp leg work activation callback worst reserve</c>.
    /// </summary>
    public static BookInput Order(string line, BookInput input)
    {
        string[] words = line.Split(' ');
        ref OrderTerms terms = ref input.Terms;
        terms.Side = Enum.Parse<Side>(words[1], ignoreCase: true);
        if (words.Length > 2 && long.TryParse(words[2], CultureInfo.InvariantCulture, out long lots))
            Give(ref terms, OrderFields.Lots, ref terms.Lots, lots);
        int at = Array.IndexOf(words, "@");
        if (at > 0)
            Give(ref terms, OrderFields.Price, ref terms.PriceTicks, Number(words[at + 1]));

        terms.Type = at > 0 ? OrderType.Limit : OrderType.Market;
        foreach ((string name, string value) in Options(line))
            Read(ref input, name, value);
        if (terms.Type is OrderType.Market)
            terms.TimeInForce = TimeInForce.Ioc;
        return input;
    }

    private static void Read(ref BookInput input, string name, string value)
    {
        ref OrderTerms terms = ref input.Terms;
        switch (name)
        {
            case "type": terms.Type = TypeNames.Single(t => t.Value == value).Key; break;
            case "tif": terms.TimeInForce = Enum.Parse<TimeInForce>(value, ignoreCase: true); break;
            case "stp": terms.Stp = Enum.Parse<SelfTradePrevention>(value.Replace("_", ""), ignoreCase: true); break;
            case "leg": terms.PositionSide = Enum.Parse<PositionSide>(value, ignoreCase: true); break;
            case "work": terms.Flags |= value == "MARK" ? OrderFlags.WorkingMark : OrderFlags.None; break;
            case "stop": Give(ref terms, OrderFields.Stop, ref terms.StopTicks, Number(value)); break;
            case "activation": Give(ref terms, OrderFields.Activation, ref terms.ActivationTicks, Number(value)); break;
            case "gtd":
                terms.TimeInForce = TimeInForce.Gtd;
                Give(ref terms, OrderFields.Gtd, ref terms.GtdMs, Number(value));
                break;
            case "callback":
                terms.CallbackRateE8 = (int)(decimal.Parse(value, CultureInfo.InvariantCulture) * 100_000_000);
                terms.Fields |= OrderFields.Callback;
                break;
            case "reduceOnly": terms.Flags |= OrderFlags.ReduceOnly; break;
            case "closePosition": terms.Flags |= OrderFlags.ClosePosition; break;
            case "priceProtect": terms.Flags |= OrderFlags.PriceProtect; break;
            case "worst": input.WorstTicks = Number(value); break;
            case "reserve": input.ReserveTicks = Number(value); break;
        }
    }

    private static void Give(ref OrderTerms terms, OrderFields field, ref long target, long value)
    {
        terms.Fields |= field;
        target = value;
    }

    /// <summary>An order in the language, as a reader of a failed run wants it.</summary>
    public static string Tell(BookInput input)
    {
        OrderTerms terms = input.Terms;
        var text = new StringBuilder($"{Name(input.Account)} {(terms.Side == Side.Buy ? "buy" : "sell")}");
        void Add(bool given, string what) => text.Append(given ? " " + what : "");
        Add(terms.Has(OrderFields.Lots), $"{terms.Lots}");
        Add(terms.Has(OrderFields.Price), $"@ {terms.PriceTicks}");
        Add(terms.Type is not (OrderType.Limit or OrderType.Market), $"type={TypeNames[terms.Type]}");
        Add(terms.Has(OrderFields.Stop), $"stop={terms.StopTicks}");
        Add(terms.Has(OrderFields.Activation), $"activation={terms.ActivationTicks}");
        Add(terms.Has(OrderFields.Callback), $"callback={(terms.CallbackRateE8 / 100_000_000m).ToString("0.###", CultureInfo.InvariantCulture)}");
        Add(terms.Has(OrderFlags.WorkingMark), "work=MARK");
        Add(terms.TimeInForce is TimeInForce.Fok or TimeInForce.Gtx, $"tif={Snake(terms.TimeInForce.ToString())}");
        Add(terms.TimeInForce == TimeInForce.Ioc && terms.Type != OrderType.Market, "tif=IOC");
        Add(terms.TimeInForce == TimeInForce.Gtd, $"gtd={terms.GtdMs}");
        Add(terms.Stp != SelfTradePrevention.ExpireMaker, $"stp={Snake(terms.Stp.ToString())}");
        Add(terms.PositionSide != PositionSide.Both, $"leg={Snake(terms.PositionSide.ToString())}");
        Add(terms.Has(OrderFlags.ReduceOnly), "reduceOnly");
        Add(terms.Has(OrderFlags.ClosePosition), "closePosition");
        Add(terms.Has(OrderFlags.PriceProtect), "priceProtect");
        Add(input.WorstTicks != 0, $"worst={input.WorstTicks}");
        Add(input.ReserveTicks != 0, $"reserve={input.ReserveTicks}");
        return text.ToString();
    }

    /// <summary>Any input, in words.</summary>
    public static string TellInput(BookInput input)
    {
        string command = $"{Name(input.Account)} {input.Epoch}.{input.Batch}.{input.Index}";
        string what = input.Kind switch
        {
            BookInputKind.Place => $"{command} place {input.OrderId}: {Tell(input)}",
            BookInputKind.Amend => $"{command} amend {input.OrderId}"
                + ((input.Fields & OrderFields.Lots) != 0 ? $" qty={input.Lots}" : "")
                + ((input.Fields & OrderFields.Price) != 0 ? $" price={input.PriceTicks}" : "")
                + (input.PostOnlyTradesOnAmend ? " bench" : ""),
            BookInputKind.Cancel => $"{command} cancel {input.OrderId}",
            BookInputKind.CancelAll => $"{command} cancel all",
            BookInputKind.Countdown => $"{command} countdown {input.Amount}",
            BookInputKind.Close => $"{command} close {input.Lots} bp={input.BankruptcyTicks} leg={input.Terms.PositionSide} asOf={input.Number}",
            BookInputKind.CloseFull =>
                $"{command} close all bp={input.BankruptcyTicks} grant={input.Amount} leg={input.Terms.PositionSide} asOf={input.Number}",
            BookInputKind.Register => $"{command} register, equity {input.Equity0E8} {input.Equity1E8}",
            BookInputKind.Acknowledge => $"{command} acknowledge {input.Number}, equity {input.Equity0E8} {input.Equity1E8}",
            BookInputKind.Leave => $"{command} leave",
            BookInputKind.Mark => $"mark {input.PriceTicks}",
            BookInputKind.FundingRound => $"funding round {input.Liquidation} rate {input.Amount} mark {input.PriceTicks}",
            BookInputKind.FundingSlice => $"funding slice {input.Liquidation} of {input.SliceAccounts}",
            BookInputKind.SetState => $"state {input.State}",
            _ => input.Kind.ToString(),
        };
        return $"[{input.TimeMs}] {what}";
    }

    /// <summary>Every field of an event: what the two books must agree on.</summary>
    public static string TellFields(BookEvent e) =>
        $"{Name(e.Account)} #{e.Number} {e.Kind} {e.Flags} {e.Reason} {e.PositionSide} id {e.OrderId} {e.Lots} @ {e.PriceTicks} " +
        $"left {e.LeavesLots} other {e.OtherId} amount {e.Amount} time {e.TimeMs} mark {e.MarkTicks}";

    /// <summary>Events as lines; the two of a trade or of a deleveraging make one, acceptance makes none.</summary>
    public static List<string> Describe(IReadOnlyList<BookEvent> events)
    {
        var lines = new List<string>();
        for (int i = 0; i < events.Count; i++)
        {
            BookEvent e = events[i];
            if (e.Kind == BookEventKind.Accepted)
                continue;
            lines.Add(Describe(e));
            if (e.Kind is BookEventKind.Fill or BookEventKind.Adl)
                AssertMirrors(e, events[++i]);
        }

        return lines;
    }

    private static string Describe(BookEvent e)
    {
        string direction = e.Side == Side.Sell ? "sells" : "buys";
        return e.Kind switch
        {
            BookEventKind.Triggered => $"{e.OrderId} triggered",
            BookEventKind.Trimmed => $"{e.OrderId} trimmed to {e.Lots}",
            BookEventKind.Amended => $"{e.OrderId} amended {e.Lots} @ {e.PriceTicks}{(e.Has(BookEventFlags.FullOrKept) ? " kept" : "")}",
            BookEventKind.Canceled => $"{e.OrderId} canceled {Snake(e.Reason.ToString())} {e.Lots} left",
            BookEventKind.Expired => $"{e.OrderId} expired {Snake(e.Reason.ToString())} {e.Lots} left",
            BookEventKind.Fill when e.OrderId != 0 => $"{e.OrderId} takes {e.Lots} @ {e.PriceTicks} from {e.OtherId}",
            BookEventKind.Fill => $"{Name(e.Account)} {direction} {e.Lots} @ {e.PriceTicks} to close, with {e.OtherId}",
            BookEventKind.Funding => $"{Name(e.Account)} gets funding {e.Amount}",
            BookEventKind.Insurance => $"{Name(e.Account)} gets {e.Amount} of the fund",
            BookEventKind.Liquidation =>
                $"{Name(e.Account)} {direction} {e.Lots} @ {e.PriceTicks} in liquidation{(e.Has(BookEventFlags.FullOrKept) ? ", all" : "")}",
            BookEventKind.Adl => $"{Name(e.Account)} {direction} {e.Lots} @ {e.PriceTicks} by ADL with {Name((uint)e.OtherId)}",
            BookEventKind.Closed => $"{Name(e.Account)} closed, spent {e.Amount}, earned {e.PriceTicks}",
            _ => e.Kind.ToString(),
        };
    }

    /// <summary>The two sides of one trade must tell the same.</summary>
    private static void AssertMirrors(BookEvent taker, BookEvent maker)
    {
        Assert.Equal((taker.Kind, taker.PriceTicks, taker.Lots, taker.Amount), (maker.Kind, maker.PriceTicks, maker.Lots, maker.Amount));
        Assert.NotEqual(taker.Side, maker.Side);
        if (taker.Kind != BookEventKind.Fill)
            return;
        Assert.Equal((taker.OtherId, taker.OrderId), (maker.OrderId, maker.OtherId));
        Assert.False(taker.Has(BookEventFlags.Maker));
        Assert.True(maker.Has(BookEventFlags.Maker));
    }

    /// <summary>ExpireMaker as EXPIRE_MAKER, Stp as STP.</summary>
    private static string Snake(string name)
    {
        var text = new StringBuilder();
        foreach (char c in name)
        {
            if (char.IsUpper(c) && text.Length > 0)
                text.Append('_');
            text.Append(char.ToUpperInvariant(c));
        }

        return text.ToString();
    }
}
