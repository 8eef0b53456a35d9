using System.Collections.Concurrent;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Port;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Nodes;
using Exchange.Grains.Silos;
using Exchange.Storage.Streams;
using Microsoft.Extensions.Hosting;

namespace Exchange.Grains.Clients;

/// <summary>This silo's way to all accounts: one client to each, under one address that no other silo ever had.</summary>
public sealed class ExchangeClients(IStreamStore store, IGrainFactory grains, NodePost post, SiloClients clients, TimeProvider time)
    : BackgroundService, ISiloClient
{
    private static readonly TimeSpan Sweep = TimeSpan.FromMilliseconds(250);
    private static readonly StreamId Addresses = new((byte)NodeKind.Client, 0);
    private readonly ConcurrentDictionary<uint, AccountClient> _accounts = new();
    private NodeId _address;

    /// <summary>Commands that are not answered yet.</summary>
    public int Unanswered => _accounts.Values.Sum(account => account.Unanswered);

    /// <summary>Sends a command to its account; the answer comes once its outcome is durable.</summary>
    /// <exception cref="VenueOverloadedException">Too many of the account's commands are unanswered.</exception>
    /// <exception cref="TimeoutException">The outcome is unknown.</exception>
    public Task<CommandReply> Submit(in Command command) =>
        _accounts.GetOrAdd(command.Account, ClientOf).Submit(new ReadOnlySpan<Command>(in command), NowMs)[0];

    /// <summary>Sends commands of one account together; each answer comes once its outcome is durable.</summary>
    /// <exception cref="VenueOverloadedException">Too many of the account's commands are unanswered: none was sent.</exception>
    public Task<CommandReply>[] Submit(ReadOnlySpan<Command> commands) =>
        _accounts.GetOrAdd(commands[0].Account, ClientOf).Submit(commands, NowMs);

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        // Epochs are never given twice: that of a stream of their own names this silo's clients.
        OpenedStream opened = await store.Open(Addresses, cancellationToken);
        _address = NodeId.Client(checked((uint)opened.Epoch));
        clients.Add(_address, this);
        await base.StartAsync(cancellationToken);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        clients.Remove(_address);
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Sweep, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            foreach (AccountClient account in _accounts.Values)
                account.Repeat(NowMs);
        }
    }

    private long NowMs => time.GetUtcNow().ToUnixTimeMilliseconds();

    private AccountClient ClientOf(uint account)
    {
        var grain = grains.GetGrain<IPositionGrain>(account);
        return new AccountClient(
            _address, account, post, async orderId => (await grain.FindOrder(orderId)).Value,
            async orderId => (await grain.GetFillsAtEntry(orderId)).Value);
    }

    void ISiloClient.Receive(NodeId from, NodeMessage message)
    {
        if (message is SessionMessage session && _accounts.TryGetValue(from.Key, out AccountClient? account))
            account.Enter(session, NowMs);
    }

    void ISiloClient.Receive(ClientReplies replies)
    {
        if (_accounts.TryGetValue(replies.Answers.Account, out AccountClient? account))
            account.Take(replies);
    }

    void ISiloClient.Lose(NodeId to)
    {
        if (_accounts.TryGetValue(to.Key, out AccountClient? account))
            account.Lose();
    }
}
