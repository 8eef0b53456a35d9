using System.Diagnostics;
using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Nodes;
using Exchange.Core.Nodes.Messages;
using Exchange.Core.Orders;
using Exchange.Grains.Interfaces;
using Exchange.Grains.Nodes;
using Exchange.Grains.Placement;
using Exchange.Storage.Streams;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Exchange.Grains.Operators;

/// <summary>The operator's desk: instruments and their states, indices, seeds. What it has asked for it asks again until it is taken.</summary>
/// <remarks>One change is under way at a time; what changes a symbol is durable here before its book hears of it.</remarks>
[GrainType(GrainTypes.Operator)]
[Reentrant]
[EngineSilos]
[Spread]
[KeepAlive]
[Immovable]
public sealed partial class OperatorGrain(NodeServices services) : NodeGrain(services, NodeKind.Operator), IOperatorGrain, IDisposable
{
    private const long RepeatMs = 500;
    private readonly OperatorState _state = new();
    private readonly SemaphoreSlim _one = new(1, 1);
    private readonly Dictionary<(int Symbol, ulong Number), TaskCompletionSource<RejectReason>> _indices = [];
    private TaskCompletionSource<RejectReason>? _decided;
    private ulong _epoch;
    private ulong _written;
    private ulong _revision;
    private ulong _indexNumber;
    private long _repeatAtMs;

    private protected override long NextTickMs => HasPending || _hand is not null ? _repeatAtMs : long.MaxValue;

    private bool HasPending => !_state.SeedIsTaken || _state.Listings.Exists(listing => listing.IsPending);

    public ValueTask<RejectReason> List(NodeBatch instrument) => InTurn(() =>
    {
        Instrument listed = InstrumentOf(instrument);
        if (_state.Listings.Exists(listing => listing.Wanted.Instrument.Symbol == listed.Symbol))
            return RejectReason.SymbolExists;
        if (listed.SymbolId != _state.Listings.Count || listed.SymbolId == EngineLimits.MaxSymbols)
            return RejectReason.InstrumentRefused;
        var first = new InstrumentMessage(0, listed, TradingState.Trading);
        var added = new Listing(first);
        added.Want(listed, TradingState.Trading);
        _state.Listings.Add(added);
        return RejectReason.None;
    });

    public ValueTask<RejectReason> Change(NodeBatch instrument) => InTurn(() =>
    {
        Instrument changed = InstrumentOf(instrument);
        if (Judge(changed.SymbolId, out Listing? listing) is not RejectReason.None and var refusal)
            return refusal;
        if (!changed.HasNameAndUnitsOf(listing!.Current.Instrument))
            return RejectReason.InstrumentRefused;
        listing.Want(changed, listing.Current.State);
        return RejectReason.None;
    });

    public ValueTask<RejectReason> SetState(int symbol, TradingState state) => InTurn(() =>
    {
        if (state > TradingState.Halted)
            return RejectReason.BadCombination;
        if (Judge(symbol, out Listing? listing) is not RejectReason.None and var refusal)
            return refusal;
        listing!.Want(listing.Current.Instrument, state);
        return RejectReason.None;
    });

    public ValueTask<RejectReason> Settle(int symbol, long priceTicks) => InTurn(() =>
    {
        if (Judge(symbol, out Listing? listing) is not RejectReason.None and var refusal)
            return refusal;
        if (priceTicks < 1 || priceTicks > listing!.Current.Instrument.MaxPriceTicks)
            return RejectReason.PriceRange;
        listing.Settle(priceTicks);
        return RejectReason.None;
    });

    public ValueTask<RejectReason> Seed(long amountE8) => InTurn(() =>
    {
        _state.Seed++;
        _state.SeedE8 = amountE8;
        _state.SeedIsTaken = false;
        return RejectReason.None;
    });

    public async ValueTask<RejectReason> PostIndex(int symbol, long indexE8)
    {
        if (Judge(symbol, out _) is not RejectReason.None and var refusal)
            return refusal;
        var taken = new TaskCompletionSource<RejectReason>(TaskCreationOptions.RunContinuationsAsynchronously);
        ulong number = ++_indexNumber;
        _indices.Add((symbol, number), taken);
        try
        {
            Leave(NodeId.Mark(symbol), new IndexMessage(number, indexE8));
            Depart();
            return await taken.Task.WaitAsync(Services.Patience);
        }
        finally
        {
            _indices.Remove((symbol, number));
        }
    }

    public ValueTask<InstrumentList?> Instruments(ulong knownRevision)
    {
        if (knownRevision == _revision)
            return new ValueTask<InstrumentList?>((InstrumentList?)null);
        return new ValueTask<InstrumentList?>(new InstrumentList(_revision, AllCurrent()));
    }

    public override void Send(NodeId to, NodeMessage message) => Leave(to, message);

    public void Dispose()
    {
        _one.Dispose();
        _oneHand.Dispose();
    }

    private protected override async Task Open(CancellationToken cancellation)
    {
        OpenedStream opened = await Store.Open(Stream, cancellation);
        _epoch = opened.Epoch;
        _indexNumber = _handNumber = _epoch << 32;
        _revision = _epoch << 32;
        if (opened.State is not { } state)
            return;
        _written = state.Number;
        _state.Read(state.Bytes);
        Ask();
    }

    private protected override void Receive(NodeId from, NodeMessage message)
    {
        switch (message)
        {
            case InstrumentTakenMessage taken:
                Take(_state.Listings[(int)from.Key], taken);
                break;
            case HandTakenMessage taken:
                if (taken.Number == _handNumber)
                    _handTaken?.TrySetResult(taken.Reason);
                break;
            case IndexTakenMessage taken:
                if (_indices.TryGetValue((taken.Symbol, taken.Number), out TaskCompletionSource<RejectReason>? waiting))
                    waiting.TrySetResult(taken.Reason);
                break;
            case SeedTakenMessage taken:
                if (taken.Number != _state.Seed || _state.SeedIsTaken)
                    break;
                _state.SeedIsTaken = true;
                _decided?.TrySetResult(taken.Reason);
                break;
            default: throw new UnreachableException($"{Id} got {message.Kind}.");
        }
    }

    private protected override void Tick()
    {
        if (NowMs >= _repeatAtMs)
            Ask();
    }

    private protected override void Write()
    {
    }

    /// <summary>A change under way goes on in the next activation; its asker is told that nobody knows.</summary>
    private protected override Task WriteOut() => Task.CompletedTask;

    /// <summary>Tells books and marks what they are to take, Clearing what it is given.</summary>
    private void Ask()
    {
        _repeatAtMs = NowMs + RepeatMs;
        foreach (Listing listing in _state.Listings.Where(listing => listing.IsPending))
        {
            int symbol = listing.Wanted.Instrument.SymbolId;
            if (!listing.BookHas)
                Leave(NodeId.Book(symbol), listing.Asked);
            else if (!listing.MarkHas)
                Leave(NodeId.Mark(symbol), listing.Asked);
        }

        if (_hand is { } hand)
            Leave(NodeId.Mark(_handSymbol), hand);

        if (!_state.SeedIsTaken)
            Leave(NodeId.Clearing, new SeedMessage(_state.Seed, _state.SeedE8));
        EndTurn();
    }

    private void Take(Listing listing, InstrumentTakenMessage taken)
    {
        (ulong asked, bool bookHad) = (listing.Asked.Version, listing.BookHas);
        if (listing.Take(taken, out RejectReason reason))
            Decided(listing, reason);
        else if (asked != listing.Asked.Version || bookHad != listing.BookHas)
            Ask(); // The next one's turn.
    }

    /// <summary>Everybody is told how it is now; that it is so is durable with the next change, or found out anew.</summary>
    private void Decided(Listing listing, RejectReason reason)
    {
        _revision++;
        Leave(NodeId.Boards, listing.Current);
        _decided?.TrySetResult(reason);
    }

    /// <summary>Makes one change: judged, written, asked for, answered when it is decided.</summary>
    private async ValueTask<RejectReason> InTurn(Func<RejectReason> change)
    {
        await _one.WaitAsync(Services.Patience);
        try
        {
            if (HasPending)
                return RejectReason.Overloaded; // One from before, whose caller did not wait for it or lost this grain, is not decided yet.
            if (change() is not RejectReason.None and var refusal)
                return refusal;
            _decided = new TaskCompletionSource<RejectReason>(TaskCreationOptions.RunContinuationsAsynchronously);
            await WriteState();
            Ask();
            RejectReason reason = await _decided.Task.WaitAsync(Services.Patience);
            await WriteState();
            await TellSilos();
            return reason;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>Every silo that lives knows how it is now before whoever changed it is answered; one that does not answer asks by itself.</summary>
    private async Task TellSilos()
    {
        NodeBatch all = AllCurrent();
        IEnumerable<Task> told = Services.Silos.Boards.Select(silo => GrainFactory.GetGrain<ISiloGrain>(silo).Deliver(all).AsTask());
        await Task.WhenAll(told).ConfigureAwait(ConfigureAwaitOptions.ContinueOnCapturedContext | ConfigureAwaitOptions.SuppressThrowing);
    }

    private NodeBatch AllCurrent() => new([.. _state.Listings.Where(listing => listing.Current.Version != 0)
        .Select(listing => new NodeEnvelope(Id, NodeId.Boards, listing.Current))]);

    private async Task WriteState()
    {
        try
        {
            await Store.WriteState(Stream, _epoch, new StateWrite(new StreamState(_written + 1, _state.Write())));
            _written++;
        }
        catch (StreamStoreException cause)
        {
            StepDown(cause.Message);
            throw;
        }
    }

    private RejectReason Judge(int symbol, out Listing? listing)
    {
        listing = symbol >= 0 && symbol < _state.Listings.Count ? _state.Listings[symbol] : null;
        return listing is null ? RejectReason.UnknownSymbol
            : listing.Current.State == TradingState.Settled ? RejectReason.SymbolNotTrading
            : RejectReason.None;
    }

    private static Instrument InstrumentOf(NodeBatch batch) => ((InstrumentMessage)batch.Envelopes[0].Message).Instrument;
}
