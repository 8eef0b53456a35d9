using Exchange.Core.Books;
using Exchange.Core.Marks;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Units;
using Exchange.Core.Wire;

namespace Exchange.Core.Tests.Engines;

/// <summary>A liquidation pass in slices, other commands between (protocol 5): the same pass, and nothing that does not add up.</summary>
public sealed class PassSliceTests
{
    private const int CommandsPerScript = 1_500;
    private const int SmallSlice = 5;
    private const int Pairs = 150;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    public void With_nothing_between_its_slices_a_pass_does_what_it_does_at_once(int sliceWork)
    {
        int slices = 0;
        for (ulong seed = 1; seed <= (ulong)TestScale.Of(60, 2_000); seed++)
        {
            Engine whole = EngineHashes.NewEngine(int.MaxValue);
            Engine sliced = EngineHashes.NewEngine(sliceWork);
            foreach (ScriptStep step in EngineScript.FromSeed(seed, CommandsPerScript).Steps)
            {
                Command command = step.For(whole);
                var time = new Command { Kind = CommandKind.Time };
                Assert.Equal(Told(whole, in time, in step, ref slices), Told(sliced, in time, in step, ref slices));
                Assert.Equal(Told(whole, in command, in step, ref slices), Told(sliced, in command, in step, ref slices));
            }

            Assert.Equal((seed, StateOf(whole)), (seed, StateOf(sliced)));
        }

        Assert.True(slices > 5_000, $"{slices} slices");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Whatever_comes_between_its_slices_all_adds_up(int sliceWork)
    {
        int scripts = TestScale.Of(100, 10_000);
        var between = new BetweenCount();
        for (ulong seed = 1; seed <= (ulong)scripts; seed++)
            EngineScript.Run(seed, CommandsPerScript, () => new EngineRun(new MoneyCheck(), between) { Engine = EngineHashes.NewEngine(sliceWork) });

        Assert.True(between.Carried > 50 * scripts && between.Refused > scripts, $"{between.Carried} carried out, {between.Refused} refused as due");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Whatever_comes_between_its_slices_nobody_who_is_due_is_missed(int sliceWork)
    {
        int scripts = TestScale.Of(100, 10_000);
        for (ulong seed = 1; seed <= (ulong)scripts; seed++)
            EngineScript.Run(seed, CommandsPerScript, () => new EngineRun(new DueCheck()) { Engine = EngineHashes.NewEngine(sliceWork) });
    }

    /// <summary>A ranking is kept through a pass; one made anew for every takeover is slow and obviously right.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_ranking_that_is_kept_through_a_pass_is_the_one_that_would_be_made_anew(int sliceWork)
    {
        for (ulong seed = 1; seed <= (ulong)TestScale.Of(100, 5_000); seed++)
        {
            int slice = sliceWork == 0 ? EngineLimits.SliceWork : sliceWork;
            var kept = new Engine { SliceWork = slice };
            var anew = new Engine { SliceWork = slice, RanksAnew = true };
            var output = new EngineOutput();
            foreach (ScriptStep step in EngineScript.FromSeed(seed, CommandsPerScript, sliceWork).Steps)
            {
                Command command = step.For(kept);
                kept.Apply(in command, step.TimeMs, output, step.Listing);
                anew.Apply(in command, step.TimeMs, output, step.Listing);
                Assert.Equal((seed, kept.OutputHash), (seed, anew.OutputHash));
            }

            Assert.Equal((seed, kept.StateHash()), (seed, anew.StateHash()));
        }
    }

    [Fact]
    public void Many_are_closed_by_auto_deleveraging_as_if_all_were_ranked_for_each()
    {
        Engine kept = AtCrash(out EngineOutput output);
        Engine anew = AtCrash(out _, ranksAnew: true);
        int slices = 0;
        int takeovers = 0;
        for (; kept.HasOpenPass; slices++)
        {
            if (slices == 20)
                kept = EngineHashes.Reborn(kept, SmallSlice); // What was ranked is forgotten.
            kept.CheckInvariants();
            Crowd.Apply(anew, output, new Command { Kind = CommandKind.Time });
            Crowd.Apply(kept, output, new Command { Kind = CommandKind.Time });
            takeovers += output.Events.ToArray().Count(e => e.Kind == EngineEventKind.Book && e.Book.Kind == BookEventKind.Adl);
            Assert.Equal(anew.OutputHash, kept.OutputHash);
        }

        Assert.Equal(anew.StateHash(), kept.StateHash());
        Assert.True(slices > 50 && takeovers > Pairs, $"{slices} slices, {takeovers} sides of takeovers");
    }

    [Fact]
    public void Who_is_due_is_refused_before_the_turn_comes_and_who_is_safe_goes_on()
    {
        Engine engine = AtCrash(out EngineOutput output);
        uint due = Crowd.LastLong(Pairs);

        Assert.Equal(RejectReason.AccountInLiquidation, Crowd.Limit(engine, output, due, Side.Sell, 10, 9_500));
        Assert.Equal(RejectReason.AccountInLiquidation, Crowd.Apply(engine, output, new Command { Kind = CommandKind.Deposit, Account = due, Amount = 1 }));
        Assert.Equal(RejectReason.AccountInLiquidation, Crowd.Apply(engine, output, new Command { Kind = CommandKind.Withdraw, Account = due, Amount = 1 }));
        Assert.Equal(
            RejectReason.AccountInLiquidation, Crowd.Apply(engine, output, new Command { Kind = CommandKind.SetLeverage, Account = due, Leverage = 3 }));
        Assert.Equal(RejectReason.None, Crowd.Limit(engine, output, Crowd.Rich, Side.Sell, 10, 9_500));

        Assert.True(engine.HasOpenPass);
        Assert.Equal(100, engine.Account(due)!.PositionOf(0, 0).Lots);
        Finish(engine, output);
        Assert.Equal(0, engine.Account(due)!.PositionOf(0, 0).Lots);
        Assert.Equal(RejectReason.None, Crowd.Apply(engine, output, new Command { Kind = CommandKind.Deposit, Account = due, Amount = 1 }));
    }

    [Fact]
    public void Marks_stand_still_until_a_pass_has_ended_and_are_told_then()
    {
        Engine engine = Calm();
        var output = new EngineOutput();
        Crowd.Apply(engine, output, new Command { Kind = CommandKind.SetIndex, Amount = 1_000 * Rounding.OneE8 }, timeMs: 1_000);
        Finish(engine, output);
        Crowd.Apply(engine, output, new Command { Kind = CommandKind.SetMark, PriceTicks = Crowd.CrashTicks }, timeMs: 1_000);

        Crowd.Apply(engine, output, new Command { Kind = CommandKind.Time }, timeMs: 5_000);
        Assert.True(engine.HasOpenPass && !HasMark(output));
        Assert.Equal(long.MaxValue, engine.NextTimerMs());
        while (!HasMark(output))
        {
            Assert.True(engine.HasOpenPass);
            Crowd.Apply(engine, output, new Command { Kind = CommandKind.Time });
        }

        for (uint pair = 1; pair <= Pairs; pair++)
            Assert.Equal(0, engine.Account(Crowd.LastLong((int)pair))!.PositionOf(0, 0).Lots);
        Assert.Equal(10_000, engine.Market[0].MarkTicks);
    }

    [Fact]
    public void A_mark_set_by_hand_ends_the_open_pass_first()
    {
        Engine engine = AtCrash(out EngineOutput output);

        Crowd.Apply(engine, output, new Command { Kind = CommandKind.SetMark, PriceTicks = Crowd.CrashTicks - 10 });

        int mark = Array.FindIndex(output.Events.ToArray(), e => e.Kind == EngineEventKind.Mark);
        Assert.True(mark > Pairs, $"the mark is event {mark}");
        Finish(engine, output);
        engine.CheckInvariants();
    }

    private static Engine Calm(bool ranksAnew = false)
    {
        var engine = new Engine { SliceWork = SmallSlice, RanksAnew = ranksAnew };
        Crowd.Fill(engine, Pairs);
        return engine;
    }

    private static Engine AtCrash(out EngineOutput output, bool ranksAnew = false)
    {
        Engine engine = Calm(ranksAnew);
        output = new EngineOutput();
        Crowd.Apply(engine, output, new Command { Kind = CommandKind.SetMark, PriceTicks = Crowd.CrashTicks });
        Assert.True(engine.HasOpenPass);
        return engine;
    }

    private static void Finish(Engine engine, EngineOutput output)
    {
        while (engine.HasOpenPass)
            Crowd.Apply(engine, output, new Command { Kind = CommandKind.Time });
    }

    private static bool HasMark(EngineOutput output) => output.Events.ToArray().Any(e => e.Kind == EngineEventKind.Mark);

    /// <summary>All that an input and the slices it leaves tell.</summary>
    private static (RejectReason Reason, ulong OrderId, UInt128 Events) Told(Engine engine, in Command command, in ScriptStep step, ref int slices)
    {
        var output = new EngineOutput();
        var digest = new OutputDigest();
        engine.Apply(in command, step.TimeMs, output, step.Listing);
        (RejectReason reason, ulong orderId) = (output.Reason, output.OrderId);
        digest.AddEvents(output);
        for (; engine.HasOpenPass; slices++)
        {
            engine.Apply(new Command { Kind = CommandKind.Time }, step.TimeMs, output);
            engine.CheckMoney();
            digest.AddEvents(output);
        }

        return (reason, orderId, digest.Value);
    }

    /// <summary>Hash of all machines: not of what the engine has said, which knows its inputs.</summary>
    private static UInt128 StateOf(Engine engine)
    {
        var writer = new SnapshotWriter();
        foreach (OrderBook book in engine.Books)
            book.Snapshot(writer);
        foreach (Mark mark in engine.Marks)
            mark.Write(writer);
        for (uint id = 1; id < engine.AccountsEnd; id++)
            engine.Account(id)?.Write(writer);
        engine.Clearing.Write(writer);
        var hasher = StateHasher.Create();
        hasher.Add(writer.Written.Span);
        return hasher.Value128;
    }

    /// <summary>What was done while a pass was open.</summary>
    private sealed class BetweenCount : IEngineCheck
    {
        private bool _isOpen;

        public int Carried { get; private set; }

        public int Refused { get; private set; }

        public void Before(EngineRun run, in Command command, long timeMs) => _isOpen = run.Engine.HasOpenPass;

        public void After(EngineRun run, in Command command)
        {
            if (!_isOpen || command.Kind == CommandKind.Time)
                return;
            Carried += run.Output.Reason == RejectReason.None ? 1 : 0;
            Refused += run.Output.Reason == RejectReason.AccountInLiquidation ? 1 : 0;
        }
    }
}
