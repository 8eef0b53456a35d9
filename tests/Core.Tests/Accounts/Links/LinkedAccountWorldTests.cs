using Exchange.Tests.Shared;

namespace Exchange.Core.Tests.Accounts.Links;

public sealed class LinkedAccountWorldTests
{
    private static readonly int Seeds = TestScale.Of(40, 2_000);

    [Fact]
    public void Money_orders_and_positions_agree_once_all_messages_have_arrived()
    {
        int closes = 0;
        int crashes = 0;
        int left = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            LinkWorld world = new(seed, accounts: 4);
            try
            {
                for (int step = 0; step < 600; step++)
                    world.Step(isActive: true);
                world.HasFaults = false;
                int steps = 4_000;
                while (!world.IsAtRest && --steps > 0)
                    world.Step(isActive: false);
                Assert.True(steps > 0, "not at rest");
                world.CheckQuiet();
            }
            catch (Exception fault)
            {
                throw new InvalidOperationException($"seed {seed}: {fault.Message}", fault);
            }

            closes += world.Closes;
            crashes += world.Crashes;
            left += world.Left;
        }

        Assert.True(closes > Seeds, $"{closes} closes");
        Assert.True(crashes > Seeds);
        Assert.True(left > Seeds, $"{left} left");
    }
}
