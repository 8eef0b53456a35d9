using Microsoft.Extensions.DependencyInjection;
using Orleans.Configuration;

namespace Exchange.Grains.Hosting;

/// <summary>How fast silos take each other for dead, and calls for lost.</summary>
/// <remarks>With Orleans' own values a frozen silo is replaced after 65 to 108 s; with these after 2 to 3 s (docs/decisions/0030).</remarks>
public sealed class MembershipTuning
{
    /// <summary>Between two probes, and how long one may take, ms.</summary>
    public int ProbeMs { get; set; } = 1_000;

    /// <summary>Probes in a row that may go unanswered.</summary>
    public int MissedProbes { get; set; } = 2;

    /// <summary>Silos that must agree; two survivors are asked for where there are two.</summary>
    public int VotesForDeath { get; set; } = 2;

    /// <summary>How long a call between grains may take, ms.</summary>
    public int CallTimeoutMs { get; set; } = 3_000;

    internal void Apply(IServiceCollection services)
    {
        services.Configure<ClusterMembershipOptions>(options =>
        {
            options.ProbeTimeout = TimeSpan.FromMilliseconds(ProbeMs);
            options.NumMissedProbesLimit = MissedProbes;
            options.NumVotesForDeathDeclaration = VotesForDeath;

            // A frozen silo's connections stay open: what came over them lately says nothing about now.
            options.EnableConnectionLivenessCheck = false;
            options.TableRefreshTimeout = TimeSpan.FromSeconds(10);
            options.IAmAliveTablePublishTimeout = TimeSpan.FromSeconds(10);
        });
        services.Configure<GatewayOptions>(options => options.GatewayListRefreshPeriod = TimeSpan.FromSeconds(1));
        services.Configure<SiloMessagingOptions>(options =>
        {
            options.ResponseTimeout = TimeSpan.FromMilliseconds(CallTimeoutMs);
            options.SystemResponseTimeout = TimeSpan.FromMilliseconds(CallTimeoutMs);
        });
    }
}
