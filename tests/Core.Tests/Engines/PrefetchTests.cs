using Exchange.Core.Port;

namespace Exchange.Core.Tests.Engines;

/// <summary>Asking ahead for memory looks into tables that do not check their indexes in Release, with whatever a client named.</summary>
public sealed class PrefetchTests
{
    private static readonly uint[] Accounts =
        [0, 1, 2, 1_023, 1_024, EngineLimits.MaxAccountId, EngineLimits.MaxAccountId + 1, int.MaxValue, 0x8000_0000, uint.MaxValue];

    private static readonly int[] Symbols = [int.MinValue, -1, 0, 1, EngineScriptWriter.Symbols - 1, EngineScriptWriter.Symbols, int.MaxValue];
    private static readonly ulong[] Orders = [0, 1, 2, 100, uint.MaxValue, long.MaxValue, ulong.MaxValue];
    private static readonly long[] Prices = [long.MinValue, -1, 0, 1, 63, 64, 100_000, int.MaxValue, 1L << 62, long.MaxValue];

    [Fact]
    public void Whatever_waiting_commands_name_asking_ahead_changes_nothing()
    {
        var engine = new Engine();
        AskForAll(engine);
        var output = new EngineOutput();
        var writer = new EngineScriptWriter(seed: 3, engine);
        for (int i = 0; i < 2_000; i++)
        {
            ScriptStep step = writer.Next();
            Command command = step.For(engine);
            engine.Apply(in command, step.TimeMs, output, step.Listing);
        }

        UInt128 before = engine.StateHash();
        AskForAll(engine);

        Assert.Equal(before, engine.StateHash());
        engine.CheckInvariants();
    }

    [Fact]
    public void An_aim_of_nothing_is_asked_for_too() => new Engine().Prefetch([]);

    private static void AskForAll(Engine engine)
    {
        CommandAim[] aims =
        [
            .. from account in Accounts
               from symbol in Symbols
               from order in Orders
               from price in Prices
               select new CommandAim(account, symbol, order, price),
        ];
        foreach (CommandAim[] some in aims.Chunk(Engine.LookAhead))
            engine.Prefetch(some);
    }
}
