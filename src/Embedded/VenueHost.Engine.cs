using System.Buffers.Binary;
using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Port;
using Exchange.Core.Wire;

namespace Exchange.Embedded;

// The engine thread.
public sealed partial class VenueHost
{
    /// <summary>A request's command and what its answer needs.</summary>
    private const int RequestBytes = 320;

    /// <summary>Requests carried out before journal and publisher hear of the first: for fewer than these a sync of their own is too dear.</summary>
    private const int MostUnwoken = 128;

    private readonly VenueRequest?[] _taken = new VenueRequest?[Engine.LookAhead];
    private readonly CommandAim[] _aims = new CommandAim[Engine.LookAhead];
    private int _takenCount;
    private int _working;
    private int _unwoken;
    private PassTurns _turns;
    private Gathering _gathering;

    private void RunEngine()
    {
        EngineProcessor? own = null;
        try
        {
            own = _options.EngineProcessor is { } processor ? EngineProcessor.TryTake(processor) : null;
            while (Failure is null)
            {
                if (Take())
                {
                    WorkTaken();
                    if (_turns.IsPassNext(_engine, _clock))
                        WorkSlice();
                }
                else if (_engine.HasOpenPass)
                {
                    WorkSlice();
                }
                else if (_stopping)
                {
                    break;
                }
                else if (_gathering.Next() is > 0 and int sleepUs && TryGather(sleepUs))
                {
                    Tick();
                }
                else
                {
                    Park();
                }
            }
        }
#pragma warning disable CA1031 // Whatever broke the engine, the venue stops and says so; it must not take the process's callers along.
        catch (Exception broken)
#pragma warning restore CA1031
        {
            Fail(new VenueStoppedException($"The engine broke at input {_sequence + 1}; nothing after input {_sequence} was carried out.", broken));
        }

        own?.Release();
        AbandonTaken();
        _engineIsDone = true;
        _published.Ring();
        AbandonQueue();
    }

    /// <summary>Sleeps while requests gather; false: this system knows no sleep as short as that.</summary>
    private bool TryGather(int sleepUs)
    {
        if (!_work.TryNap(sleepUs))
            return false;
        while (!_stopping && _gathering.More(_queue.Count, _queue.Capacity) is > 0 and int moreUs)
            _work.TryNap(moreUs);
        return true;
    }

    /// <summary>Takes what has queued, up to as much as the engine looks ahead.</summary>
    private bool Take()
    {
        int count = 0;
        while (count < Engine.LookAhead && _queue.TryDequeue() is { } request)
        {
            CacheLine.Fetch(request, RequestBytes);
            _taken[count++] = request;
        }

        if (count > 1)
        {
            for (int i = 0; i < count; i++)
                _aims[i] = CommandAim.Of(in _taken[i]!.Command);
            _engine.Prefetch(_aims.AsSpan(0, count));
        }

        _gathering.NoteTaken(count);
        _takenCount = count;
        return count != 0;
    }

    /// <summary>Carries out what was taken, at one time; journal and publisher are woken once for all that has queued.</summary>
    private void WorkTaken()
    {
        Now();
        for (_working = 0; _working < _takenCount && Failure is null; _working++)
            Work(_taken[_working]!);
        _unwoken += _takenCount;
        if (_unwoken < MostUnwoken && !_queue.IsEmpty)
            return;
        _unwoken = 0;
        _journal.Wake();
        _published.Ring();
    }

    /// <summary>After a failure: who was taken and has no answer yet gets none but "unknown".</summary>
    private void AbandonTaken()
    {
        for (int i = 0; i < _takenCount; i++)
        {
            _taken[i]?.OnStopped(Failure);
            _taken[i] = null;
        }
    }

    /// <summary>Waits for a request or the next timer.</summary>
    private void Park()
    {
        long wait = Math.Clamp(_engine.NextTimerMs() - Now(), 0, 1_000);
        if (wait == 0)
        {
            Tick();
            return;
        }

        _work.Prepare();
        if (!_queue.IsEmpty || _stopping || Failure is not null)
            _work.Cancel();
        else
            _work.Wait((int)wait);
        Tick();
    }

    private long Now()
    {
        _timeMs = Math.Max(_timeMs, _clock.GetUtcNow().ToUnixTimeMilliseconds());
        return _timeMs;
    }

    /// <summary>When a timer is due and no input comes, time itself is the input.</summary>
    private void Tick()
    {
        if (_engine.NextTimerMs() > Now())
            return;
        Apply(in _tick, null, null);
        _journal.Wake();
        _published.Ring();
    }

    /// <summary>The open pass goes on: time is the input for that, too.</summary>
    private void WorkSlice()
    {
        Now();
        long started = _clock.GetTimestamp();
        Apply(in _tick, null, null);
        _journal.Wake();
        _published.Ring();
        _turns.NoteSlice(started, _clock.GetTimestamp());
    }

    private void Work(VenueRequest request)
    {
        if (request.Command.Kind == CommandKind.None)
        {
            request.Sequence = _sequence;
            request.OnApplied(_engine, _output);
            Publish(request, default);
            return;
        }

        if (Health == VenueHealth.CancelOnly && !IsCancel(request.Command.Kind))
        {
            _taken[_working] = null;
            request.OnRefused(RejectReason.CancelOnly);
            return;
        }

        Apply(in request.Command, request.Listing, request);
    }

    private static bool IsCancel(CommandKind kind) => kind is CommandKind.Cancel or CommandKind.CancelAll or CommandKind.Countdown;

    private void Apply(in Command command, Instrument? listing, VenueRequest? request)
    {
        bool isTimed = _sequence % VenueFigures.InputsPerSample == 0;
        long started = isTimed ? _clock.GetTimestamp() : 0;
        _engine.Apply(in command, _timeMs, _output, listing);
        if (isTimed)
            Figures.SampleEngine(_clock.GetElapsedTime(started).Ticks * TimeSpan.NanosecondsPerTick);
        int length = CommandCodec.Encode(in command, listing, _payload);
        Append(CommandCodec.RecordKind(command.Kind, _output.Course), _payload.AsSpan(0, length));
        if (request is not null)
        {
            request.Sequence = _sequence;
            request.TimeMs = _timeMs;
            request.OnApplied(_engine, _output);
        }

        _events.Clear();
        _feed?.Build(in command, _sequence, _engine.TimeMs, _output, _events);
        Publish(request, _events.Events);
        if (--_untilCheck <= 0)
            AppendCheck();
    }

    private void Append(ushort kind, ReadOnlySpan<byte> payload)
    {
        while (!_journal.TryQueue(_sequence + 1, _timeMs, kind, payload))
        {
            _journal.Wake();
            if (_journal.Health == Core.Journaling.JournalHealth.Failed)
                throw new VenueStoppedException("The journal failed.");
            Thread.SpinWait(100); // The queue to the disk is full: the disk is the limit now.
        }

        _sequence++;
    }

    private void AppendCheck()
    {
        _untilCheck = _options.CheckEveryInputs;
        Span<byte> check = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(check, _engine.OutputHash);
        Append(CheckKind, check);
        Publish(null, default);
    }

    /// <summary>Hands over to the publisher, who answers from then on; the caller rings.</summary>
    private void Publish(VenueRequest? request, ReadOnlySpan<FeedEvent> events)
    {
        while (!_publications.TryWrite(request, _sequence, events))
        {
            if (Failure is not null)
                return; // The engine's thread answers for what it has in hand.

            _journal.Wake();
            _published.Ring();
            Thread.SpinWait(100);
        }

        if (request is not null)
            _taken[_working] = null;
    }
}
