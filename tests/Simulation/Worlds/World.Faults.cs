using System.Diagnostics.CodeAnalysis;
using Exchange.Core.Books;
using Exchange.Core.Instruments;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Simulation.Checks;
using Exchange.Simulation.Hosts;
using Exchange.Simulation.Networks;

namespace Exchange.Simulation.Worlds;

/// <content>What strikes the world, and how it ends.</content>
internal sealed partial class World
{
    private const long MostLongDownMs = 30_000;
    private readonly Dictionary<(NodeId, int), BatchMessage> _sentBatches = [];

    /// <summary>The last batch that an account has sent to a book, for a mutant that does not look at names.</summary>
    public bool TryGetSentBatch(NodeId account, int symbol, [NotNullWhen(true)] out BatchMessage? batch) =>
        _sentBatches.TryGetValue((account, symbol), out batch);

    private void Strike()
    {
        if (Random.Chance(Faults.Killed * Size.Times))
            KillAny();
        if (Random.Chance(Faults.Cut * Size.Times))
            _network.Cut(Any().Id, Any().Id, NowMs + Random.Between(500, 8_000));
        if (Random.Chance(Faults.ClockJumped * Size.Times))
        {
            Happenings.Count(Happening.ClockJumped);
            Any().SetClock(OtherClock());
        }
    }

    private Place Any() => _places[Random.Below(_places.Length)];

    private long OtherClock() => Random.Below(10) switch
    {
        < 4 => Random.Between(-2_000, 2_000),
        < 6 => Random.Between(-60_000, 60_000),
        6 => InstrumentLimits.HourMs,
        7 => -InstrumentLimits.HourMs,
        _ => 0,
    };

    private void KillAny()
    {
        Place place = Any();
        if (!place.IsUp)
            return;
        bool isLong = Random.Chance(place is BookPlace ? Faults.LongDown : Faults.LongDown / 4);
        place.Kill(isLong ? Random.Between(8_000, MostLongDownMs) : Random.Between(10, 2_000));
    }

    private static bool IsOfLiquidation(NodeMessage message) => message switch
    {
        ReserveMessage or GrantedMessage or SettleMessage or SettledMessage => true,
        BatchMessage batch => Array.Exists(batch.Commands, command => command.Kind is BookInputKind.Close or BookInputKind.CloseFull),
        BatchAnswer answer => Array.Exists(answer.Events, e => e.Kind == BookEventKind.Closed),
        _ => false,
    };

    /// <summary>The account that sent or awaits a message dies; false: the message is lost with it.</summary>
    private bool KillAccountOf(in Envelope envelope)
    {
        Place? place = _byId[envelope.To] as AccountPlace ?? _byId[envelope.From] as AccountPlace;
        if (place is { IsUp: true })
            place.Kill(Random.Between(10, 500));
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

        // Who has been ahead waits for the others, so all are taken to where the one farthest ahead has been.
        NowMs += 2 * InstrumentLimits.HourMs;
        foreach (Place place in _places)
        {
            place.SetClock(0);
            if (!place.IsUp)
                place.Start();
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
            quiet = Array.TrueForAll(_all, participant => participant.IsAtRest) ? quiet + 1 : 0;

            // A message may still be on its way: longer than the longest delay.
            if (quiet > 200)
                return;
        }

        IEnumerable<string> restless = _all.Where(participant => !participant.IsAtRest)
            .Select(participant => participant is Place place ? place.Describe() : participant.ToString()!);
        throw new FaultFoundException($"Not at rest after {mostSteps} steps: {string.Join("; ", restless)}");
    }
}
