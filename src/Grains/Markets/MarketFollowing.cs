using Exchange.Core;
using Exchange.Core.Nodes;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Silos;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Exchange.Grains.Markets;

/// <summary>Asks sources to tell this silo what they make: at first, where one has been silent for long, and where silos came or went.</summary>
internal sealed partial class MarketFollowing(
    MarketMirror mirror, SiloBoard board, IGrainFactory grains, ILocalSiloDetails silo, IClusterMembershipService membership, TimeProvider time,
    ILogger<MarketFollowing> log) : BackgroundService
{
    /// <summary>A source that lives says something every second, unless it is Clearing, or has neither index nor orders.</summary>
    private const int SilentMs = 2_000;
    private const int AskAgainMs = 500;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private readonly string _silo = SiloDirectory.KeyOf(silo.SiloAddress);
    private MembershipVersion _version = MembershipVersion.MinValue;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Look, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            MarketTable listed = board.Current;
            while (mirror.SymbolCount < listed.Count)
                mirror.List(listed[mirror.SymbolCount].Instrument);
            MembershipVersion version = membership.CurrentSnapshot.Version;
            bool isMoved = version != _version;
            _version = version;
            foreach ((SourceStanding source, MarketPlace heard) in mirror.Sources())
            {
                int patienceMs = heard.Epoch == 0 ? AskAgainMs : SilentMs;
                if ((isMoved || mirror.NowMs - source.AtMs >= patienceMs) && source.TryAsk())
                    _ = Ask(source, heard);
            }
        }
    }

    private async Task Ask(SourceStanding source, MarketPlace heard)
    {
        source.AtMs = mirror.NowMs;
        try
        {
            await Find(source.Source).Follow(_silo, heard);
        }
        catch (Exception cause)
        {
            LogNotAnswered(log, source.Source, cause.Message);
        }
        finally
        {
            source.IsAsked();
        }
    }

    private IMarketSource Find(NodeId source) => source.Kind switch
    {
        NodeKind.Book => grains.GetGrain<IOrderBookGrain>(source.Key),
        NodeKind.Mark => grains.GetGrain<ITickerGrain>(source.Key),
        _ => grains.GetGrain<IClearingGrain>(source.Key),
    };

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Source} does not answer: {Cause}")]
    private static partial void LogNotAnswered(ILogger log, NodeId source, string cause);
}
