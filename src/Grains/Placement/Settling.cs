using Exchange.Grains.Hosting;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Nodes;
using Exchange.Grains.Silos;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Exchange.Grains.Placement;

/// <summary>Once a silo has joined and the silos have stayed the same for a while, grains that now belong elsewhere go there, a few at a time.</summary>
/// <remarks>
/// Without it a silo that was restarted would stay empty: after a rolling restart the last one. A silo that goes moves nothing but its
/// own: those are dealt out evenly as they come up again.
/// </remarks>
internal sealed partial class Settling(
    IClusterMembershipService membership, Homes homes, Tenants tenants, ILocalSiloDetails self, IGrainFactory grains, IOptions<GrainOptions> options,
    TimeProvider time, ILogger<Settling> log) : BackgroundService
{
    private static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(100);

    /// <summary>That one goes home may take so long; the others do not wait longer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Of all that are to go, this share goes at a time: so it is done within half a minute.</summary>
    private const int Turns = 300;
    private const int FewestAtOnce = 4;

    /// <summary>Who did not know of the new silo yet may have called a grain up in its old place.</summary>
    private const int Passes = 3;
    private HashSet<SiloAddress> _settled = [];
    private int _passes;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var calm = TimeSpan.FromMilliseconds(options.Value.SettleAfterMs);
        HashSet<SiloAddress> seen = [];
        long sinceStamp = time.GetTimestamp();
        using var poll = new PeriodicTimer(Poll, time);
        while (await poll.WaitForNextTickAsync(stoppingToken))
        {
            await LearnRoles();
            HashSet<SiloAddress> now = Engines();
            if (!now.SetEquals(seen))
            {
                seen = now;
                sinceStamp = time.GetTimestamp();
            }
            else if (calm != TimeSpan.Zero && time.GetElapsedTime(sinceStamp) >= calm)
            {
                await Settle(now, stoppingToken);
                sinceStamp = time.GetTimestamp();
            }
        }
    }

    private async Task LearnRoles()
    {
        foreach (ClusterMember member in membership.CurrentSnapshot.Members.Values)
        {
            if (member.Status != SiloStatus.Active || homes.Knows(member.SiloAddress))
                continue;
            try
            {
                (string name, string role) = await grains.GetGrain<ISiloGrain>(SiloDirectory.KeyOf(member.SiloAddress)).Introduce();
                homes.Learn(member.SiloAddress, name, role);
            }
            catch (Exception cause) when (cause is TimeoutException or OrleansException)
            {
                LogUnknown(log, member.Name, cause.Message);
            }
        }
    }

    private HashSet<SiloAddress> Engines() => [.. membership.CurrentSnapshot.Members.Values
        .Where(member => member.Status == SiloStatus.Active && homes.IsEngine(member.SiloAddress)).Select(member => member.SiloAddress)];

    private async Task Settle(HashSet<SiloAddress> engines, CancellationToken stopping)
    {
        if (!engines.SetEquals(_settled))
            _passes = engines.IsSubsetOf(_settled) ? 0 : Passes;
        _settled = engines;
        if (_passes == 0 || !engines.Contains(self.SiloAddress))
            return;
        try
        {
            _passes = await SendHome(engines, stopping) ? _passes - 1 : 0;
        }
        catch (Exception cause) when (cause is not OperationCanceledException)
        {
            // They serve where they are.
            LogDoesNotSettle(log, cause);
        }
    }

    /// <returns>False: all are at home.</returns>
    private async Task<bool> SendHome(HashSet<SiloAddress> engines, CancellationToken stopping)
    {
        NodeGrain[] strangers = [.. tenants.All.Where(tenant => !homes.Of(tenant.Value, engines).Equals(self.SiloAddress)).Select(tenant => tenant.Key)];
        if (strangers.Length == 0)
            return false;
        LogSettles(log, strangers.Length, tenants.Count);
        using var pace = new PeriodicTimer(Pace, time);
        foreach (NodeGrain[] some in strangers.Chunk(Math.Max(FewestAtOnce, strangers.Length / Turns)))
        {
            if (!Engines().SetEquals(engines))
                break; // They are dealt out anew once that is over.
            await Task.WhenAll(some.Select(grain => grain.GoHome())).WaitAsync(Patience, time, stopping);
            await pace.WaitForNextTickAsync(stopping);
        }

        return true;
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Silo {Name} has not said what it is there for yet: {Cause}")]
    private static partial void LogUnknown(ILogger log, string name, string cause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Grains that belong on other silos stay for now.")]
    private static partial void LogDoesNotSettle(ILogger log, Exception cause);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Strangers} of {All} grains belong on other silos now and go there.")]
    private static partial void LogSettles(ILogger log, int strangers, int all);
}
