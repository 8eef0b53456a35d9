using Exchange.Edge.Hosting;
using Exchange.Edge.Json;
using Exchange.Edge.Limits;
using Exchange.Edge.Native.Orders;
using Exchange.Edge.Native.Streams.Protobuf;

namespace Exchange.Edge.Native.Streams;

/// <summary>What every stream needs.</summary>
internal sealed class StreamServices(
    Venue venue, InstrumentTable instruments, StreamLogOn logOn, ClientLimits limits, StreamCounts counts, OrderLocator locator,
    PlaceOrderBody placeBody, AnswerPool answers)
{
    public Venue Venue { get; } = venue;

    public InstrumentTable Instruments { get; } = instruments;

    public StreamLogOn LogOn { get; } = logOn;

    public ClientLimits Limits { get; } = limits;

    public StreamCounts Counts { get; } = counts;

    public OrderLocator Locator { get; } = locator;

    public PlaceOrderBody PlaceBody { get; } = placeBody;

    public IStreamMessages Json { get; } = new JsonMessages(answers);

    public IStreamMessages Protobuf { get; } = new ProtobufMessages();
}
