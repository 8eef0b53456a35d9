using Exchange.Core.Accounts.Links;
using Exchange.Grains.Hosting;
using Exchange.Grains.Markets;
using Exchange.Grains.Placement;
using Exchange.Grains.Silos;
using Exchange.Storage.Streams;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Exchange.Grains.Nodes;

/// <summary>What every node's grain needs of its silo.</summary>
public sealed class NodeServices(
    IStreamStore store, TimeProvider time, SiloDirectory silos, SiloBoard board, SiloReplies replies, NodePost post, MarketRelay markets, Tenants tenants,
    SiloFigures figures, IOptions<GrainOptions> options, IHostApplicationLifetime life, ILogger<NodeGrain> log) : IDisposable
{
    private readonly ThreadLocal<AccountOutput> _accountRoom = new(static () => new AccountOutput());

    internal IStreamStore Store { get; } = store;

    internal TimeProvider Time { get; } = time;

    internal SiloDirectory Silos { get; } = silos;

    internal SiloBoard Board { get; } = board;

    internal SiloReplies Replies { get; } = replies;

    internal NodePost Post { get; } = post;

    internal MarketRelay Markets { get; } = markets;

    internal Tenants Tenants { get; } = tenants;

    internal SiloFigures Figures { get; } = figures;

    /// <summary>The present thread's.</summary>
    internal AccountOutput AccountRoom => _accountRoom.Value!;

    /// <summary>How long a grain waits for another one's answer.</summary>
    internal TimeSpan Patience { get; } = TimeSpan.FromSeconds(10);

    internal GrainOptions Options { get; } = options.Value;

    /// <summary>The silo is asked to end: nobody is kept waiting any more.</summary>
    internal CancellationToken Stopping { get; } = life.ApplicationStopping;

    internal ILogger Log { get; } = log;

    public void Dispose() => _accountRoom.Dispose();
}
