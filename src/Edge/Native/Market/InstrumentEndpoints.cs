using Exchange.Core.Instruments;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;

namespace Exchange.Edge.Native.Market;

/// <summary>The server's time and the instruments: what a client asks first.</summary>
internal sealed class InstrumentEndpoints(Venue venue, InstrumentTable instruments, TimeProvider time)
{
    private static readonly Operation TimeOperation = new("GET", "/api/v1/time", "GetTime", "The server's time, to set a clock by.")
    {
        WorksWithoutVenue = true,
        Answer = new AnswerShape("ServerTime", new AnswerField("timeMs", AnswerKind.Integer, "Unix milliseconds, UTC.")),
    };

    private static readonly Operation ListOperation = new("GET", "/api/v1/instruments", "ListInstruments",
        "All instruments with their filters, fees, brackets and status.")
    {
        Answer = new AnswerShape("Instruments", new AnswerField("instruments", AnswerKind.List, "In order of listing.", Shape: InstrumentJson.Shape)),
        IsTagged = true,
    };

    private static readonly Operation GetOperation = new("GET", "/api/v1/instruments/{symbol}", "GetInstrument", "One instrument.")
    {
        Answer = InstrumentJson.Shape, Errors = [ErrorCatalogue.UnknownSymbol], IsTagged = true,
    };

    private readonly Lock _telling = new();
    private Told _told = new([], [], 0);

    /// <summary>The list as it was told last, and how often it had changed by then.</summary>
    private sealed record Told(IReadOnlyList<Instrument> Instruments, int[] Statuses, ulong Changes);

    public void Map(EdgeRoutes routes)
    {
        routes.Map(TimeOperation, GetTime);
        routes.Map(ListOperation, List);
        routes.Map(GetOperation, Get);
    }

    private ValueTask<Problem?> GetTime(EdgeRequest request)
    {
        Answer answer = request.Begin();
        answer.Json.WriteStartObject();
        answer.Json.WriteNumber("timeMs"u8, time.GetUtcNow().ToUnixTimeMilliseconds());
        answer.Json.WriteEndObject();
        request.Send(answer);
        return default;
    }

    private ValueTask<Problem?> List(EdgeRequest request)
    {
        Told now = Look();
        if (AnswerTag.IsKnown(request.Http, now.Changes))
            return default;
        Answer answer = request.Begin();
        answer.Json.WriteStartObject();
        answer.Json.WriteStartArray("instruments"u8);
        for (int symbol = 0; symbol < now.Instruments.Count; symbol++)
            InstrumentJson.Write(answer.Json, now.Instruments[symbol], now.Statuses[symbol]);
        answer.Json.WriteEndArray();
        answer.Json.WriteEndObject();
        request.Send(answer);
        return default;
    }

    private ValueTask<Problem?> Get(EdgeRequest request)
    {
        if (instruments.Find(request.Path("symbol"), "symbol", out Instrument instrument) is { } problem)
            return new(problem);
        Told now = Look();
        if (AnswerTag.IsKnown(request.Http, now.Changes))
            return default;
        Answer answer = request.Begin();
        InstrumentJson.Write(answer.Json, now.Instruments[instrument.SymbolId], now.Statuses[instrument.SymbolId]);
        request.Send(answer);
        return default;
    }

    /// <summary>The list as it is now; it has no number of its own, so its changes are counted by comparing.</summary>
    private Told Look()
    {
        IReadOnlyList<Instrument> listed = instruments.All;
        int[] statuses = [.. listed.Select(StatusOf)];
        lock (_telling)
        {
            if (!ReferenceEquals(listed, _told.Instruments) || !statuses.AsSpan().SequenceEqual(_told.Statuses))
                _told = new Told(listed, statuses, _told.Changes + 1);
            return _told;
        }
    }

    private int StatusOf(Instrument instrument)
    {
        int state = (int)venue.Exchange.GetState(instrument.SymbolId);
        return state == 0 && venue.Exchange.GetTicker(instrument.SymbolId).MarkTicks == 0 ? InstrumentJson.AwaitingMark : state;
    }
}
