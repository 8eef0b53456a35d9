using Exchange.Edge.Authentication;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;
using Exchange.Edge.Native.Orders;
using Exchange.Edge.Native.Streams.Protobuf;

namespace Exchange.Edge.Native.Streams;

/// <summary>What every stream needs.</summary>
internal sealed class StreamServices(
    Venue venue, InstrumentTable instruments, Authenticator authenticator, OrderLocator locator, PlaceOrderBody placeBody, AnswerPool answers)
{
    public Venue Venue { get; } = venue;

    public InstrumentTable Instruments { get; } = instruments;

    public Authenticator Authenticator { get; } = authenticator;

    public OrderLocator Locator { get; } = locator;

    public PlaceOrderBody PlaceBody { get; } = placeBody;

    public IStreamMessages Json { get; } = new JsonMessages(answers);

    public IStreamMessages Protobuf { get; } = new ProtobufMessages();
}
