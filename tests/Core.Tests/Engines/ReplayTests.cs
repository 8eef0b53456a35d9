using Exchange.Core.Instruments;
using Exchange.Core.Journaling;
using Exchange.Core.Port;
using Exchange.Core.Replay;
using Exchange.Core.Wire;

namespace Exchange.Core.Tests.Engines;

/// <summary>Recovery runs books ahead of accounts where the journal says that it may: the engine must come out as if it had not.</summary>
public sealed class ReplayTests
{
    private const int CommandsPerScript = 1_500;

    [Theory]
    [InlineData(1, true, 0)]
    [InlineData(1, false, 0)]
    [InlineData(7, true, 0)]
    [InlineData(100, true, 0)]
    [InlineData(100, false, 0)]
    [InlineData(7, true, 1)]
    [InlineData(100, false, 3)]
    public void With_books_ahead_of_the_accounts_a_replay_gives_the_same_state_and_outputs(int ahead, bool judgesAgain, int sliceWork)
    {
        var reached = new Dictionary<string, int>();
        int scripts = TestScale.Of(50, 2_000);
        for (ulong seed = 1; seed <= (ulong)scripts; seed++)
        {
            (List<Input> inputs, EngineHashes expected) = Record(seed, reached, sliceWork);
            Assert.Equal(expected, Replay(inputs, ahead, judgesAgain, sliceWork));
        }

        string[] missing = [.. MustReach.Concat(sliceWork == 0 ? [] : ReachedInPasses).Where(what => reached.GetValueOrDefault(what) < scripts / 4)];
        Assert.True(missing.Length == 0, string.Join(", ", missing.Select(what => $"{what}: {reached.GetValueOrDefault(what)}")));
    }

    [Theory]
    [InlineData(InputCourse.OneMessage)]
    [InlineData(InputCourse.Allowed)]
    public void An_account_that_refuses_what_the_journal_says_it_sent_stops_the_replay(InputCourse course)
    {
        Engine engine = UpToAnOrder(out Command order);
        order.Terms.Lots = 1_000_000_000_000;

        Assert.Throws<InvariantException>(() => Replay(engine, in order, course));
    }

    [Fact]
    public void An_account_that_sends_what_the_journal_says_it_refused_stops_the_replay()
    {
        Engine engine = UpToAnOrder(out Command order);

        Assert.Throws<InvariantException>(() => Replay(engine, in order, InputCourse.NoMessage));
    }

    private static readonly string[] MustReach =
    [
        "OneMessage Place None", "Allowed Place None", "Allowed Place PostOnlyWouldCross", "Allowed Amend None", "Allowed Cancel None",
        "Allowed CancelAll None", "Allowed Countdown None", "NoMessage Place InsufficientMargin", "NoMessage Cancel UnknownOrder",
    ];

    /// <summary>Between the slices of a pass.</summary>
    private static readonly string[] ReachedInPasses = ["Allowed Place None in a pass", "Allowed Cancel None in a pass", "NoMessage Place AccountInLiquidation in a pass"];

    private readonly record struct Input(Command Command, long TimeMs, Instrument? Listing, InputCourse Course);

    private static (List<Input> Inputs, EngineHashes Hashes) Record(ulong seed, Dictionary<string, int> reached, int sliceWork = 0)
    {
        Engine engine = EngineHashes.NewEngine(sliceWork);
        var output = new EngineOutput();
        var digest = new OutputDigest();
        var inputs = new List<Input>();
        foreach (ScriptStep step in EngineScript.FromSeed(seed, CommandsPerScript, sliceWork).Steps)
        {
            Command command = step.For(engine);
            string where = engine.HasOpenPass ? " in a pass" : "";
            engine.Apply(in command, step.TimeMs, output, step.Listing);
            digest.Add(output);
            inputs.Add(new Input(command, step.TimeMs, step.Listing, output.Course));
            string what = $"{output.Course} {command.Kind} {output.Reason}";
            reached[what] = reached.GetValueOrDefault(what) + 1;
            if (where.Length != 0)
                reached[what + where] = reached.GetValueOrDefault(what + where) + 1;
        }

        return (inputs, new EngineHashes(engine.StateHash(), engine.OutputHash, digest.Value));
    }

    /// <summary>Books go up to so many inputs ahead before the accounts follow.</summary>
    private static EngineHashes Replay(List<Input> inputs, int ahead, bool judgesAgain, int sliceWork)
    {
        var engine = new Engine { JudgesAgain = judgesAgain, SliceWork = sliceWork == 0 ? EngineLimits.SliceWork : sliceWork };
        var output = new EngineOutput();
        var digest = new OutputDigest();
        var block = new ReplayBlock();
        for (int i = 0; i < inputs.Count; i++)
        {
            if (inputs[i].Course == InputCourse.Whole)
            {
                Command command = inputs[i].Command;
                engine.Apply(in command, inputs[i].TimeMs, output, inputs[i].Listing);
                digest.Add(output);
                continue;
            }

            block.Clear();
            engine.BeginAhead();
            int first = i;
            for (; i < inputs.Count && block.Count < ahead && inputs[i].Course != InputCourse.Whole; i++)
            {
                Command command = inputs[i].Command;
                Add(block, in command, inputs[i].Course);
                engine.RunBook(in command, inputs[i].TimeMs, block, i - first);
            }

            for (int at = 0; at < block.Count; at++)
            {
                Command command = inputs[first + at].Command;
                engine.ApplyAnswered(in command, inputs[first + at].TimeMs, output, block, at);
                digest.Add(output);
            }

            engine.EndAhead();
            i--;
        }

        engine.CheckInvariants();
        return new EngineHashes(engine.StateHash(), engine.OutputHash, digest.Value);
    }

    private static void Add(ReplayBlock block, in Command command, InputCourse course)
    {
        byte[] payload = new byte[CommandCodec.MaxBytes];
        int length = CommandCodec.Encode(in command, null, payload);
        block.Add(new JournalRecord(new RecordHeader(), payload.AsSpan(0, length)), course);
    }

    private static void Replay(Engine engine, in Command command, InputCourse course)
    {
        var block = new ReplayBlock();
        Add(block, in command, course);
        engine.BeginAhead();
        engine.RunBook(in command, engine.TimeMs, block, 0);
        engine.ApplyAnswered(in command, engine.TimeMs, new EngineOutput(), block, 0);
    }

    /// <summary>An engine that is about to take an order, and will accept it.</summary>
    private static Engine UpToAnOrder(out Command order)
    {
        (List<Input> inputs, _) = Record(seed: 1, []);
        int at = inputs.FindIndex(input => input is { Course: InputCourse.Allowed, Command.Kind: CommandKind.Place });
        var engine = new Engine();
        var output = new EngineOutput();
        foreach (Input input in inputs.Take(at))
        {
            Command command = input.Command;
            engine.Apply(in command, input.TimeMs, output, input.Listing);
        }

        order = inputs[at].Command;
        return engine;
    }
}
