using System.Runtime.InteropServices;
using Exchange.Core.Books;
using Exchange.Core.Orders;
using Exchange.Core.Wire;
using Exchange.Tests.Shared;
using FsCheck;
using FsCheck.Fluent;

namespace Exchange.Core.Tests.Books;

/// <summary>The book and its slow twin are told the same and must answer the same, field for field.</summary>
public sealed class BookTwinTests
{
    private const int NarrowCommands = 400;
    private const int WideCommands = 10_000;

    [Fact]
    public void Book_and_naive_book_agree() => Agree(
        TestScale.Of(200_000, 10_000_000) / NarrowCommands,
        seed => BookScript.FromSeed(seed, BookSetting.Narrow(seed), NarrowCommands));

    [Fact]
    public void They_agree_over_many_accounts_and_orders() => Agree(
        TestScale.Of(50_000, 500_000) / WideCommands,
        seed => BookScript.FromSeed(seed, BookSetting.Wide(seed), WideCommands));

    private static void Agree(int scripts, Func<ulong, BookScript> ofSeed)
    {
        Arbitrary<BookScript> random = Arb.From(
            Gen.Choose(0, int.MaxValue).Select(seed => ofSeed((ulong)seed)), script => script.Shrink());

        Check.One(
            Config.QuickThrowOnFailure.WithMaxTest(scripts).WithQuietOnSuccess(true),
            Prop.ForAll(random, script => Run(script)));
    }

    /// <summary>A twin test proves only what its scripts reach.</summary>
    [Fact]
    public void The_scripts_reach_every_rule()
    {
        var seen = new HashSet<string>();
        for (ulong seed = 1; seed <= 200; seed++)
        {
            BookScript script = BookScript.FromSeed(seed, BookSetting.Narrow(seed), NarrowCommands);
            var naive = BookScriptReader.NewNaive(script.Setting);
            var reader = new BookScriptReader(naive, script.Setting);
            foreach (BookInput input in reader.Opening)
                naive.Apply(input);
            foreach (BookInput input in InputsOf(script, reader))
            {
                BookResult result = naive.Apply(input);
                reader.Note(input, result);
                seen.UnionWith(Reached(input, result));
            }
        }

        string[] outOfReach = [.. MustReach().Except(seen)];
        Assert.True(outOfReach.Length == 0, string.Join(", ", outOfReach));
    }

    /// <summary>What the script says, and then the symbol's end.</summary>
    private static IEnumerable<BookInput> InputsOf(BookScript script, BookScriptReader reader) => script.Codes.Select(reader.Read).Concat(reader.Delisting);

    private static IEnumerable<string> MustReach() =>
    [
        .. Enum.GetValues<BookEventKind>().Except([BookEventKind.None]).Select(kind => kind.ToString()),
        .. Enum.GetValues<EndReason>()
            .Except([EndReason.None, EndReason.Liquidation, EndReason.Risk, EndReason.Frozen]) // The account's words: a book only repeats them.
            .Select(reason => reason.ToString()),
        .. Enum.GetValues<BookInputKind>().Except([BookInputKind.None]).Select(kind => $"{kind} None"),
        "Place SymbolNotTrading", "Place ReduceOnlyReject", "Place WouldTrigger", "Place PostOnlyWouldCross", "Place FokWouldNotFill",
        "Amend UnknownOrder", "Amend NotAmendable", "Amend NoChange", "Amend SymbolNotTrading", "Cancel UnknownOrder",
        "Place OutboxFull", "Place Gap", "Place StaleEpoch", "Place NotRegistered", "Close Moved", "CloseFull Moved", "CancelAll NotRegistered",
        "Leave Moved", "Leave OpenOrders", "Leave OpenPosition", "repeat", "FOK filled", "fund spent",
    ];

    private static IEnumerable<string> Reached(BookInput input, BookResult result)
    {
        yield return $"{input.Kind} {result.Outcome.Reason}";
        foreach (BookEvent e in result.Events)
            yield return e.Kind.ToString();
        foreach (BookEvent e in result.Events)
            yield return e.Reason.ToString();
        if (result.IsRepeat)
            yield return "repeat";
        if (input.Terms.TimeInForce == TimeInForce.Fok && result.Outcome.IsAccepted)
            yield return "FOK filled";
        if (result.SpentE8 > 0)
            yield return "fund spent";
    }

    private static void Run(BookScript script)
    {
        var naive = BookScriptReader.NewNaive(script.Setting);
        FastBook fast = NewFast(script.Setting);
        var hooked = new FastBook(BookScriptReader.Instrument, new NoFreshEquity());
        var reader = new BookScriptReader(naive, script.Setting);
        foreach (BookInput input in reader.Opening)
        {
            naive.Apply(input);
            fast.Apply(input);
            hooked.Apply(input);
        }

        int count = 0;
        foreach (BookInput input in InputsOf(script, reader))
        {
            BookResult expected = naive.Apply(input);
            reader.Note(input, expected);
            Compare(expected, fast.Apply(input), input);
            if (!script.Setting.HasLowLimits) // Working triggers is an input of its own there, and the limit strikes between.
                Compare(expected, hooked.Apply(input), input);
            bool isReborn = count >= script.Codes.Count || script.Codes[count] >> 58 == 0; // One in 64; it belongs to the command, so that a shrunk script still does it.
            count++;
            if (!isReborn)
                continue;
            CompareState(naive, fast, script.Setting);
            fast = Reborn(fast, script.Setting);
        }

        CompareState(naive, fast, script.Setting);
        if (!script.Setting.HasLowLimits)
            CompareState(naive, hooked, script.Setting);
    }

    private static FastBook NewFast(BookSetting setting) => new(
        BookScriptReader.Instrument, outboxPerAccount: setting.OutboxPerAccount, outboxPerBook: setting.OutboxPerBook);

    /// <summary>From a snapshot: what it forgot shows later.</summary>
    private static FastBook Reborn(FastBook book, BookSetting setting)
    {
        var writer = new SnapshotWriter();
        book.Inner.Snapshot(writer);
        FastBook copy = NewFast(setting);
        copy.Inner.Restore(new SnapshotReader(writer.Written));
        return copy;
    }

    /// <summary>A host whose accounts know nothing newer than what they reported.</summary>
    private sealed class NoFreshEquity : IBookHooks
    {
        public void Met(OrderBook book)
        {
        }

        public void RefreshEquity(OrderBook book, uint account)
        {
        }

        public void PrepareRanking(OrderBook book) => book.ForgetRanking();

        public long PoolEquityE8(OrderBook book, uint account, int leg) => book.ReportedEquityE8(account, leg);
    }

    private static void Compare(BookResult expected, BookResult actual, BookInput input)
    {
        if (!Agree(expected, actual))
            Assert.Fail($"after: {BookLanguage.TellInput(input)}\nthe rules say:\n{Tell(expected)}\nthe book says:\n{Tell(actual)}");
    }

    private static bool Agree(BookResult a, BookResult b) =>
        (a.Outcome, a.IsRepeat, a.SpentE8, a.EarnedE8, a.RoundIsDone, a.FundingRemainderE8)
        == (b.Outcome, b.IsRepeat, b.SpentE8, b.EarnedE8, b.RoundIsDone, b.FundingRemainderE8)
        && Bytes(a.Events).SequenceEqual(Bytes(b.Events));

    private static ReadOnlySpan<byte> Bytes(List<BookEvent> events) => MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(events));

    private static string Tell(BookResult result) =>
        $"{result.Outcome} {result.IsRepeat} spent {result.SpentE8} earned {result.EarnedE8} " +
        $"done {result.RoundIsDone} remainder {result.FundingRemainderE8}\n{string.Join('\n', result.Events.Select(BookLanguage.TellFields))}";

    private static void CompareState(NaiveBook naive, FastBook fast, BookSetting setting)
    {
        fast.Inner.CheckInvariants();
        Assert.Equal(naive.MarkTicks, fast.MarkTicks);
        Assert.Equal(naive.LastTicks, fast.LastTicks);
        foreach (Side side in new[] { Side.Buy, Side.Sell })
        {
            Assert.Equal(naive.Levels(side), fast.Levels(side));
            Assert.Equal(naive.QueueIds(side), fast.QueueIds(side));
        }

        for (uint account = 1; account <= setting.Accounts; account++)
        {
            Assert.Equal(naive.OpenOrders(account), fast.OpenOrders(account));
            Assert.Equal(naive.ClientIds(account), fast.ClientIds(account));
            Assert.Equal(naive.Unacknowledged(account), fast.Unacknowledged(account));
            Assert.Equal(naive.LastNumber(account), fast.LastNumber(account));
            for (int leg = 0; leg < 2; leg++)
            {
                Assert.Equal(naive.PositionLots(account, leg), fast.PositionLots(account, leg));
                Assert.Equal(naive.CostE8(account, leg), fast.CostE8(account, leg));
            }
        }
    }
}
