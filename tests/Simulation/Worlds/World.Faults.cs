using Exchange.Core.Books;
using Exchange.Simulation.Accounts;
using Exchange.Simulation.Books;
using Exchange.Simulation.Checks;
using Exchange.Simulation.Clients;
using Exchange.Simulation.Networks;

namespace Exchange.Simulation.Worlds;

/// <content>What strikes the world, and how it ends.</content>
internal sealed partial class World
{
    private const long MostLongDownMs = 30_000;

    private int KillableCount => _nodes.Length - Clients.Length;

    private void Strike()
    {
        foreach (Node node in _nodes)
        {
            if (!node.IsUp && NowMs >= node.DownUntilMs)
                node.Start();
        }

        if (Random.Chance(Faults.Killed))
            KillAny();
        if (Random.Chance(Faults.Cut))
            _network.Cut(Random.Below(_nodes.Length), Random.Below(_nodes.Length), NowMs + Random.Between(500, 8_000));
    }

    private void KillAny()
    {
        Node node = _nodes[Random.Below(KillableCount)];
        if (!node.IsUp)
            return;
        bool isLong = Random.Chance(node is BookNode ? Faults.LongDown : Faults.LongDown / 4);
        node.Kill(isLong ? Random.Between(8_000, MostLongDownMs) : Random.Between(10, 2_000));
    }

    private static bool IsOfLiquidation(Message message) => message switch
    {
        ReserveMessage or GrantedMessage or SettleMessage or SettledMessage => true,
        BatchMessage batch => Array.Exists(batch.Commands, command => command.Kind is BookInputKind.Close or BookInputKind.CloseFull),
        BatchAnswer answer => Array.Exists(answer.Events, e => e.Kind == BookEventKind.Closed),
        _ => false,
    };

    /// <summary>The account that sent or awaits a message dies; false: the message is lost with it.</summary>
    private bool KillAccountOf(in Envelope envelope)
    {
        Node? node = _nodes[envelope.To] as AccountNode ?? _nodes[envelope.From] as AccountNode;
        if (node is { IsUp: true })
            node.Kill(Random.Between(10, 500));
        return Random.Chance(50_000);
    }

    /// <summary>From now on everything works, and clients only wait for what they have asked already.</summary>
    public void StopFaults()
    {
        _trace?.Happened(NowMs, "world", "faults stop");
        Faults = Faults.None;
        _network.Faults = Faults.None;
        _network.Heal();
        ClientsAct = false;
        foreach (Node node in _nodes)
        {
            if (!node.IsUp)
                node.Start();
        }
    }

    /// <summary>Goes on until nothing is left to do.</summary>
    /// <exception cref="FaultFoundException">It does not come to rest.</exception>
    public void RunUntilRest(int mostSteps)
    {
        int quiet = 0;
        for (int i = 0; i < mostSteps; i++)
        {
            Step();
            quiet = Array.TrueForAll(_nodes, node => node.IsAtRest) ? quiet + 1 : 0;
            // A message may still be on its way: longer than the longest delay.
            if (quiet > 200)
                return;
        }

        IEnumerable<string> restless = _nodes.Where(node => !node.IsAtRest).Select(node => node.ToString()!);
        throw new FaultFoundException($"Not at rest after {mostSteps} steps: {string.Join("; ", restless)}");
    }
}
