using System.Text.Json;
using Exchange.Core.Instruments;
using Exchange.Core.Port;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Microsoft.AspNetCore.Http;

namespace Exchange.Edge.Native.Orders;

/// <summary>What becomes of one order of a batch.</summary>
internal sealed class BatchOutcome
{
    private readonly Instrument? _instrument;
    private ValueTask<CommandReply> _pending;
    private Problem? _problem;
    private CommandReply? _reply;

    /// <summary>Refused before it reached the venue.</summary>
    public BatchOutcome(Problem problem) => _problem = problem;

    public BatchOutcome(ValueTask<CommandReply> pending, Instrument instrument)
    {
        _pending = pending;
        _instrument = instrument;
    }

    /// <summary>Waits for the venue; an unknown outcome is one of the outcomes.</summary>
    public async ValueTask Settle()
    {
        if (_problem is not null)
            return;
        try
        {
            _reply = await _pending;
            _problem = Venue.Refusal(_reply, _instrument);
        }
        catch (Exception unknown) when (unknown is VenueStoppedException or TimeoutException)
        {
            _problem = new Problem(ErrorCatalogue.OutcomeUnknown);
        }
    }

    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        if (_problem is not null)
        {
            json.WriteNumber("status"u8, _problem.Entry.Status);
            json.WritePropertyName("error"u8);
            ProblemWriter.WriteJson(json, _problem, null);
        }
        else
        {
            json.WriteNumber("status"u8, _reply!.IsRepeat ? StatusCodes.Status200OK : StatusCodes.Status201Created);
            json.WritePropertyName("order"u8);
            OrderJson.WritePlaced(json, _reply, PlaceEndpoints.Accepted(_reply), _instrument!);
        }

        json.WriteEndObject();
    }
}
