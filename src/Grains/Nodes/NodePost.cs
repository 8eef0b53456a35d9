using System.Collections.Concurrent;
using System.Diagnostics;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Links;
using Exchange.Grains.Silos;

namespace Exchange.Grains.Nodes;

/// <summary>Brings messages to nodes: to those that are active here without a call, to those of another silo together with all others for it.</summary>
/// <remarks>
/// Where a node lives is learned from what comes from it; until then, and where it is gone from there, it is called by its grain's
/// address, which brings it up. So a wrong guess costs a call more, and nothing else. What a failed call carried is lost, or arrives
/// yet: messages are numbered, and whoever wants an answer repeats. Any thread; messages of one node to another keep their order
/// while neither moves (docs/decisions/0030).
/// </remarks>
public sealed class NodePost(IGrainFactory grains, ILocalSiloDetails self, SiloDirectory silos, SiloClients clients)
{
    /// <summary>So many are remembered at most; whoever is forgotten is learned anew.</summary>
    private const int MostPlaces = 1_000_000;
    private readonly string _self = SiloDirectory.KeyOf(self.SiloAddress);
    private readonly ConcurrentDictionary<NodeId, NodeInbox> _here = new();
    private readonly ConcurrentDictionary<NodeId, string> _places = new();
    private readonly ConcurrentDictionary<NodeId, Link<Parcel>> _calls = new();
    private SiloLinks<Parcel>? _links;

    /// <summary>Ends when nothing is on its way.</summary>
    internal Task Gone => Task.WhenAll(_calls.Values.Select(call => call.Gone).Append(Links.Gone));

    private SiloLinks<Parcel> Links => _links ??= new SiloLinks<Parcel>(grains, (silo, parcels) => Carry(silo, parcels, silo.GetPrimaryKeyString()), LinkLimits.Default);

    /// <summary>From now on the node is here.</summary>
    internal void Open(NodeId node, NodeInbox inbox) => _here[node] = inbox;

    /// <summary>The node is not here any more.</summary>
    /// <returns>What it has not taken.</returns>
    internal List<Mail> Close(NodeId node, NodeInbox inbox)
    {
        _here.TryRemove(KeyValuePair.Create(node, inbox));
        return inbox.Close();
    }

    /// <param name="silo">Where a client is, which no grain's address tells; null: <see cref="NodeEnvelope.To"/> says it.</param>
    internal void Send(in NodeEnvelope envelope, string? silo = null)
    {
        ActivityContext trace = NodeTracing.Current?.Context ?? default;
        if (envelope.To.Kind == NodeKind.Boards)
        {
            foreach (string each in silos.Boards)
                Links.Send(each, new Parcel(envelope, trace, _self));
        }
        else if (silo == _self)
        {
            clients.Receive(envelope.From, envelope.To, envelope.Message);
        }
        else if (silo is not null)
        {
            Links.Send(silo, new Parcel(envelope, trace, _self));
        }
        else if (IsCalled(envelope.To))
        {
            Call(new Parcel(envelope, trace, _self));
        }
        else if (!TryHere(in envelope, _self, trace))
        {
            if (_places.TryGetValue(envelope.To, out string? place))
                Links.Send(place, new Parcel(envelope, trace, _self));
            else
                Call(new Parcel(envelope, trace, _self));
        }
    }

    /// <summary>What another silo sent here; whoever is not here any more is called where it is.</summary>
    internal void Arrive(NodeBatch batch)
    {
        for (int i = 0; i < batch.Envelopes.Length; i++)
        {
            ref readonly NodeEnvelope envelope = ref batch.Envelopes[i];
            Learn(envelope.From, batch.Silo);
            ActivityContext trace = i == batch.Traced ? batch.Trace : default;
            if (envelope.To.Kind == NodeKind.Client)
                clients.Receive(envelope.From, envelope.To, envelope.Message);
            else if (envelope.To.Kind != NodeKind.Boards && (IsCalled(envelope.To) || !TryHere(in envelope, batch.Silo, trace)))
                Call(new Parcel(envelope, trace, batch.Silo));
        }
    }

    /// <summary>What a node has not taken goes to where it comes up next.</summary>
    internal void PassOn(List<Mail> mail)
    {
        foreach (Mail one in mail)
            Call(new Parcel(one.Envelope, default, one.Silo));
    }

    /// <summary>Who sent something from there is to be had there.</summary>
    internal void Learn(NodeId from, string? silo)
    {
        if (silo is null || silo == _self || from.Kind is NodeKind.Client or NodeKind.Boards)
            return;
        if (_places.TryGetValue(from, out string? known) && known == silo)
            return;
        if (_places.Count >= MostPlaces)
            _places.Clear();
        _places[from] = silo;
    }

    private bool TryHere(in NodeEnvelope envelope, string? silo, ActivityContext trace) =>
        _here.TryGetValue(envelope.To, out NodeInbox? inbox) && inbox.TryAdd(new Mail(envelope, silo), trace);

    /// <summary>What is on its way by a call is not to be overtaken.</summary>
    private bool IsCalled(NodeId node) => _calls.TryGetValue(node, out Link<Parcel>? call) && !call.IsIdle;

    private void Call(Parcel parcel)
    {
        Link<Parcel> call = _calls.GetOrAdd(parcel.Envelope.To, CallOf);
        call.Add(parcel);
        call.GoOnPool();
    }

    private Link<Parcel> CallOf(NodeId node)
    {
        INodeReceiver grain = node.Kind switch
        {
            NodeKind.Book => grains.GetGrain<IOrderBookGrain>(node.Key),
            NodeKind.Mark => grains.GetGrain<ITickerGrain>(node.Key),
            NodeKind.Clearing => grains.GetGrain<IClearingGrain>(node.Key),
            NodeKind.Account => grains.GetGrain<IPositionGrain>(node.Key),
            NodeKind.Operator => grains.GetGrain<IOperatorGrain>(node.Key),
            _ => throw new UnreachableException($"{node} has no grain."),
        };
        return new Link<Parcel>(parcels => Carry(grain, parcels, silo: null), LinkLimits.Default);
    }

    /// <param name="silo">Where to; null: wherever the grain is.</param>
    private async ValueTask Carry(INodeReceiver to, Parcel[] parcels, string? silo)
    {
        try
        {
            for (int at = 0; at < parcels.Length;)
            {
                NodeBatch batch = BatchAt(parcels, at);
                await to.Deliver(batch);
                at += batch.Envelopes.Length;
            }
        }
        catch (Exception)
        {
            Lose(parcels, silo);
            throw;
        }
    }

    /// <summary>As many as come from one silo: some are only passed on here, and answers go to where they come from.</summary>
    private static NodeBatch BatchAt(Parcel[] parcels, int begin)
    {
        int end = begin + 1;
        while (end < parcels.Length && parcels[end].Silo == parcels[begin].Silo)
            end++;
        Parcel[] own = parcels[begin..end];
        int traced = Math.Max(0, Array.FindIndex(own, static parcel => parcel.Trace.TraceId != default));
        return new NodeBatch(Array.ConvertAll(own, static parcel => parcel.Envelope), own[traced].Trace, traced, own[0].Silo);
    }

    /// <summary>Whoever was there is elsewhere soon, and clients here say it again at once.</summary>
    private void Lose(Parcel[] parcels, string? silo)
    {
        if (silo is not null)
        {
            foreach (KeyValuePair<NodeId, string> place in _places)
            {
                if (place.Value == silo)
                    _places.TryRemove(place);
            }
        }

        foreach (Parcel parcel in parcels)
        {
            if (parcel.Envelope.From.Kind == NodeKind.Client)
                clients.Lose(parcel.Envelope.From, parcel.Envelope.To);
        }
    }

    /// <param name="Silo">Where it was sent first; null: that is not known.</param>
    private readonly record struct Parcel(NodeEnvelope Envelope, ActivityContext Trace, string? Silo);
}
