using System.Runtime.CompilerServices;
using Exchange.Core.Instruments;
using Exchange.Core.Port;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Exchange.Edge.Native.Orders;

namespace Exchange.Edge.Native.Streams;

/// <summary>An order command of a stream, from its submission to its answer; used again for the next one.</summary>
internal sealed class StreamOrder
{
    private const int Idle = 0;
    private const int Waiting = 1;
    private const int Answered = 2;
    private const int GivenUp = 3;

    private readonly OrdersInFlight _owner;
    private readonly Action _onCompleted;
    private ValueTaskAwaiter<CommandReply> _pending;
    private CommandReply? _reply;
    private int _state;

    public StreamOrder(OrdersInFlight owner)
    {
        _owner = owner;
        _onCompleted = Complete;
    }

    public long? RequestId { get; private set; }

    public StreamOp Op { get; private set; }

    public Instrument Instrument { get; private set; } = null!;

    /// <summary>The operation of the HTTP API that does the same; for metrics.</summary>
    public string Operation => Op switch
    {
        StreamOp.Place => PlaceEndpoints.PlaceOperation.Name,
        StreamOp.Amend => ChangeEndpoints.AmendOperation.Name,
        StreamOp.Cancel => ChangeEndpoints.CancelOperation.Name,
        _ => ChangeEndpoints.CancelAllOperation.Name,
    };

    /// <summary>When it was submitted, on the clock's timestamps.</summary>
    public long SubmittedAt { get; private set; }

    /// <summary>Why it was refused, or is unknown; null: it was carried out.</summary>
    public Problem? Problem { get; private set; }

    /// <summary>The venue's answer to what was carried out.</summary>
    public CommandReply Reply => _reply!;

    /// <summary>The order as the command left it.</summary>
    public OrderView Order => PlaceEndpoints.Accepted(Reply);

    public bool IsWaiting => Volatile.Read(ref _state) == Waiting;

    public void Begin(long? requestId, StreamOp op, Instrument instrument, long submittedAt)
    {
        RequestId = requestId;
        Op = op;
        Instrument = instrument;
        SubmittedAt = submittedAt;
        Problem = null;
        _reply = null;
        Volatile.Write(ref _state, Waiting);
    }

    /// <summary>Waits for the venue without holding a thread.</summary>
    public void Await(ValueTask<CommandReply> pending)
    {
        _pending = pending.GetAwaiter();
        if (_pending.IsCompleted)
            Complete();
        else
            _pending.UnsafeOnCompleted(_onCompleted);
    }

    /// <summary>Stops waiting, so that the client can be told that the outcome is unknown; false: it has just come.</summary>
    public bool TryGiveUp() => Interlocked.CompareExchange(ref _state, GivenUp, Waiting) == Waiting;

    /// <summary>Its answer was written.</summary>
    public void End()
    {
        _pending = default;
        Volatile.Write(ref _state, Idle);
    }

    private void Complete()
    {
        try
        {
            _reply = _pending.GetResult();
            Problem = Venue.Refusal(_reply, Instrument);
        }
        catch (Exception unknown) when (unknown is VenueStoppedException or TimeoutException)
        {
            Problem = new Problem(ErrorCatalogue.OutcomeUnknown);
        }

        if (Interlocked.CompareExchange(ref _state, Answered, Waiting) == Waiting)
            _owner.Answer(this);
        else
            _owner.Return(this);   // The client has been told that it is unknown.
    }
}
