using Exchange.Core.Instruments;
using Exchange.Core.Orders;
using Exchange.Core.Port;
using Exchange.Core.Tests.Instruments;

namespace Exchange.Embedded.Tests;

public sealed class FiguresTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("exchange-figures-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_venue_counts_commands_trades_and_times_its_engine()
    {
        using EmbeddedExchange venue = EmbeddedExchange.Open(new EmbeddedOptions { Directory = _folder }, TimeProvider.System);
        Instrument btc = TestInstruments.Create(TestInstruments.BtcSettings(), 0);
        await venue.List(btc, CancellationToken.None);
        await Do(new Command { Kind = CommandKind.SetMark, PriceTicks = 500_000 });
        for (uint account = 1; account <= 2; account++)
        {
            await Do(new Command { Kind = CommandKind.CreateAccount, Account = account });
            await Do(new Command { Kind = CommandKind.Deposit, Account = account, Amount = 1_000_000_000_000, Key = new ClientKey(1, account) });
        }

        await Place(1, Side.Buy);
        await Place(2, Side.Sell);
        for (int i = 0; i < VenueFigures.InputsPerSample; i++)
            await Do(new Command { Kind = CommandKind.Cancel, Account = 1, OrderId = 99 });

        Assert.Equal((2L, 0L), (venue.Figures.Accepted(CommandKind.Place), venue.Figures.Refused(CommandKind.Place)));
        Assert.Equal((0L, (long)VenueFigures.InputsPerSample), (venue.Figures.Accepted(CommandKind.Cancel), venue.Figures.Refused(CommandKind.Cancel)));
        Assert.Equal(1, venue.Figures.Trades);
        long seen = 0;
        var samples = new long[16];
        Assert.True(venue.Figures.CopyEngineSamples(ref seen, samples) >= 1);
        Assert.Equal(0, venue.Figures.CopyEngineSamples(ref seen, samples));

        ValueTask<CommandReply> Do(Command command) => venue.Submit(in command, CancellationToken.None);

        ValueTask<CommandReply> Place(uint account, Side side) => Do(new Command
        {
            Kind = CommandKind.Place,
            Account = account,
            Terms = new OrderTerms { Side = side, PriceTicks = 500_000, Lots = 10, Fields = OrderFields.Price | OrderFields.Lots },
        });
    }

    [Fact]
    public void A_reader_that_comes_late_gets_the_latest_samples()
    {
        var figures = new VenueFigures();
        for (int i = 1; i <= 10_000; i++)
            figures.SampleEngine(i);
        long seen = 0;
        var samples = new long[100];

        Assert.Equal(100, figures.CopyEngineSamples(ref seen, samples));
        Assert.Equal((9_901L, 10_000L), (samples[0], samples[^1]));
    }
}
