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
public sealed class NodePost
{
    /// <summary>So many are remembered at most; whoever is forgotten is learned anew.</summary>
    private const int MostPlaces = 1_000_000;
    private readonly IGrainFactory _grains;
    private readonly SiloDirectory _silos;
    private readonly SiloClients _clients;
    private readonly string _self;
    private readonly ConcurrentDictionary<NodeId, NodeInbox> _here = new();
    private readonly ConcurrentDictionary<NodeId, string> _places = new();
    private readonly ConcurrentDictionary<NodeId, Link<Parcel>> _calls = new();
    private readonly SiloLinks<Parcel> _links;

    public NodePost(IGrainFactory grains, ILocalSiloDetails self, SiloDirectory silos, SiloClients clients)
    {
        (_grains, _silos, _clients) = (grains, silos, clients);
        _self = SiloDirectory.KeyOf(self.SiloAddress);
        _links = new SiloLinks<Parcel>(grains, (silo, parcels) => Carry(silo, parcels, silo.GetPrimaryKeyString()), LinkLimits.Default);
    }

    /// <summary>Ends when nothing is on its way.</summary>
    internal Task Gone => Task.WhenAll(_calls.Values.Select(call => call.Gone).Append(_links.Gone));

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
        var parcel = new Parcel(envelope, NodeTracing.Current?.Context ?? default, _self);
        if (envelope.To.Kind == NodeKind.Boards)
        {
            foreach (string each in _silos.Boards)
                _links.Send(each, parcel);
        }
        else if (silo == _self)
        {
            _clients.Receive(envelope.From, envelope.To, envelope.Message);
        }
        else if (silo is not null)
        {
            _links.Send(silo, parcel);
        }
        else if (IsCalled(envelope.To) || !(TryHere(in parcel) || TryThere(in parcel)))
        {
            Call(parcel);
        }
    }

    /// <summary>What another silo sent here; whoever is not here any more is called where it is.</summary>
    internal void Arrive(NodeBatch batch)
    {
        for (int i = 0; i < batch.Envelopes.Length; i++)
        {
            var parcel = new Parcel(batch.Envelopes[i], i == batch.Traced ? batch.Trace : default, batch.Silo);
            (NodeId from, NodeId to, NodeMessage message) = parcel.Envelope;
            Learn(from, batch.Silo);
            if (to.Kind == NodeKind.Client)
                _clients.Receive(from, to, message);
            else if (to.Kind != NodeKind.Boards && (IsCalled(to) || !TryHere(in parcel)))
                Call(parcel);
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

    private bool TryHere(in Parcel parcel) =>
        _here.TryGetValue(parcel.Envelope.To, out NodeInbox? inbox) && inbox.TryAdd(new Mail(parcel.Envelope, parcel.Silo), parcel.Trace);

    private bool TryThere(in Parcel parcel)
    {
        if (!_places.TryGetValue(parcel.Envelope.To, out string? place))
            return false;
        _links.Send(place, parcel);
        return true;
    }

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
            NodeKind.Book => _grains.GetGrain<IOrderBookGrain>(node.Key),
            NodeKind.Mark => _grains.GetGrain<ITickerGrain>(node.Key),
            NodeKind.Clearing => _grains.GetGrain<IClearingGrain>(node.Key),
            NodeKind.Account => _grains.GetGrain<IPositionGrain>(node.Key),
            NodeKind.Operator => _grains.GetGrain<IOperatorGrain>(node.Key),
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
                _clients.Lose(parcel.Envelope.From, parcel.Envelope.To);
        }
    }

    /// <param name="Silo">Where it was sent first; null: that is not known.</param>
    private readonly record struct Parcel(NodeEnvelope Envelope, ActivityContext Trace, string? Silo);
}
