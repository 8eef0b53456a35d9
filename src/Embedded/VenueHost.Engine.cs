using System.Buffers.Binary;
using Exchange.Core;
using Exchange.Core.Instruments;
using Exchange.Core.Port;
using Exchange.Core.Wire;

namespace Exchange.Embedded;

// The engine thread.
public sealed partial class VenueHost
{
    private const int SpinsBeforePark = 50;

    /// <summary>The request being worked, until the publisher answers for it.</summary>
    private VenueRequest? _current;

    private void RunEngine()
    {
        try
        {
            int idle = 0;
            while (Failure is null)
            {
                if (_queue.TryDequeue() is { } request)
                {
                    idle = 0;
                    Work(request);
                }
                else if (_stopping)
                {
                    break;
                }
                else if (idle++ < SpinsBeforePark)
                {
                    Thread.SpinWait(10);
                    Tick();
                }
                else
                {
                    idle = 0;
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

        _current?.OnStopped(Failure);

        _engineIsDone = true;
        _published.Ring();
        AbandonQueue();
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
    }

    private void Work(VenueRequest request)
    {
        _current = request;
        if (request.Command.Kind == CommandKind.None)
        {
            request.Sequence = _sequence;
            request.OnApplied(_engine, _output);
            Publish(request, default);
            return;
        }

        if (Health == VenueHealth.CancelOnly && !IsCancel(request.Command.Kind))
        {
            _current = null;
            request.OnRefused(RejectReason.CancelOnly);
            return;
        }

        Now();
        Apply(in request.Command, request.Listing, request);
    }

    private static bool IsCancel(CommandKind kind) => kind is CommandKind.Cancel or CommandKind.CancelAll or CommandKind.Countdown;

    private void Apply(in Command command, Instrument? listing, VenueRequest? request)
    {
        _engine.Apply(in command, _timeMs, _output, listing);
        int length = CommandCodec.Encode(in command, listing, _payload);
        Append((ushort)command.Kind, _payload.AsSpan(0, length));
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
        while (!_journal.TryAppend(_sequence + 1, _timeMs, kind, payload))
        {
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

    private void Publish(VenueRequest? request, ReadOnlySpan<FeedEvent> events)
    {
        while (!_publications.TryWrite(request, _sequence, events))
        {
            if (Failure is not null)
                return; // The engine's thread answers for what it has in hand.

            _published.Ring();
            Thread.SpinWait(100);
        }

        _current = null;
        _published.Ring();
    }
}
