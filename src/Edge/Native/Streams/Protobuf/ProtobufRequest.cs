using System.Globalization;
using Exchange.Core.Instruments;
using Exchange.Core.Port;
using Exchange.Core.Signatures;
using Exchange.Edge.Authentication;
using Exchange.Edge.Errors;
using Exchange.Edge.Hosting;
using Exchange.Edge.Json;
using Exchange.Edge.Native.Orders;
using Exchange.Protos;
using Google.Protobuf;
using Request = Exchange.Protos.ClientMessage.RequestOneofCase;

namespace Exchange.Edge.Native.Streams.Protobuf;

/// <summary>A Protobuf message of a client, checked by the rules of the JSON one.</summary>
internal sealed class ProtobufRequest : StreamRequest
{
    private static readonly MessageParser<ClientFrame> Parser = ClientFrame.Parser.WithDiscardUnknownFields(discardUnknownFields: true);

    /// <summary>Most messages in a frame: one without content is two bytes long, and a hundred times that as an object.</summary>
    private const int MessagesPerFrame = 256;

    /// <summary>How a message begins in a frame: field 1 of a ClientFrame, with its length.</summary>
    private const byte MessageTag = ClientFrame.MessagesFieldNumber << 3 | 2;

    private readonly ClientMessage _message;

    private ProtobufRequest(ClientMessage message) => _message = message;

    /// <summary>Reads a frame: all of its messages, or none.</summary>
    public static Problem? ReadFrame(ReadOnlySpan<byte> bytes, out ClientFrame frame)
    {
        frame = null!;
        if (Outline(bytes) is { } refused)
            return refused;
        try
        {
            frame = Parser.ParseFrom(bytes);
        }
        catch (Exception malformed) when (malformed is InvalidProtocolBufferException or ArgumentOutOfRangeException or IndexOutOfRangeException)
        {
            // The library throws the other two for a text whose length is beyond all bounds.
            return new Problem(ErrorCatalogue.MalformedProtobuf);
        }

        // What the parser did not know, or took the last of several of, is missing from what it read.
        return frame.CalculateSize() == bytes.Length ? null : UnknownField();
    }

    /// <summary>Goes over a frame from message to message before any is read; where it is cut short or broken, the parser refuses it.</summary>
    private static Problem? Outline(ReadOnlySpan<byte> bytes)
    {
        for (int count = 1; bytes is [MessageTag, ..]; count++)
        {
            if (count > MessagesPerFrame)
                return new Problem(ErrorCatalogue.MalformedProtobuf) { Detail = "The frame has too many messages.", Limit = $"{MessagesPerFrame}" };
            uint length = 0;
            int at = 1;
            for (int shift = 0; at < bytes.Length && shift < 32; shift += 7)
            {
                byte part = bytes[at++];
                length |= (part & 0x7Fu) << shift;
                if (part < 0x80)
                    break;
            }

            if (length > bytes.Length - at)
                return null;
            bytes = bytes[(at + (int)length)..];
        }

        return bytes.IsEmpty ? null : UnknownField();
    }

    private static Problem UnknownField() =>
        new(ErrorCatalogue.UnknownField) { Detail = "The frame has a field that is unknown here, or given twice, or broken text." };

    /// <summary>Reads one message of a frame.</summary>
    public static Problem? Read(ClientMessage message, InstrumentTable instruments, out StreamRequest request)
    {
        var read = new ProtobufRequest(message);
        request = read;
        return read.Read(instruments);
    }

    public override Problem? ReadPlace(PlaceOrderBody reader, uint account, out Command command, out Instrument instrument)
    {
        var fields = new BodyFields<PlaceBody>(new PlaceBody(_message.Place));
        command = default;
        instrument = null!;
        return fields.Missing() ?? reader.Read(fields, account, out command, out instrument);
    }

    public override Problem? ReadAmend(Instrument instrument, out Command command) =>
        AmendOrderBody.Read(new BodyFields<AmendBody>(new AmendBody(_message.Amend)), instrument, out command);

    private Problem? Read(InstrumentTable instruments)
    {
        if (_message.HasId)
        {
            if (_message.Id > LargestId)
                return Problems.BadInteger("id", LargestId);
            Id = (long)_message.Id;
        }

        switch (_message.RequestCase)
        {
            case Request.Subscribe:
                Op = StreamOp.Subscribe;
                Cursor = _message.Subscribe.HasCursor ? _message.Subscribe.Cursor : null;
                return ReadChannels(_message.Subscribe.Channels, instruments);
            case Request.Unsubscribe:
                Op = StreamOp.Unsubscribe;
                return ReadChannels(_message.Unsubscribe.Channels, instruments);
            case Request.Authenticate:
                Op = StreamOp.Authenticate;
                return ReadCredentials(_message.Authenticate);
            case Request.Place:
                Op = StreamOp.Place;
                return null;
            case Request.Amend:
                Op = StreamOp.Amend;
                return ReadOrder(_message.Amend.Order);
            case Request.Cancel:
                Op = StreamOp.Cancel;
                return ReadOrder(_message.Cancel.Order);
            case Request.CancelAll:
                Op = StreamOp.CancelAll;
                Symbol = _message.CancelAll.Symbol;
                return _message.CancelAll.HasSymbol ? null : Problems.Missing("symbol");
            default:
                return Problems.Missing("request");
        }
    }

    private Problem? ReadCredentials(Authenticate given)
    {
        if (given.HasToken)
        {
            TokenText = given.Token;
            return null;
        }

        if (!given.HasKey)
            return Problems.Missing("key");
        if (!given.HasTimestamp)
            return Problems.Missing("timestamp");
        if (!given.HasSignature)
            return Problems.Missing("signature");
        if (given.Timestamp > WireLimits.LatestMs)
            return Problems.BadInteger("timestamp", WireLimits.LatestMs);
        if (given.RecvWindow > SignatureMemory.WidestWindowMs)
            return Problems.BadInteger("recvWindow", SignatureMemory.WidestWindowMs);
        ulong windowMs = given.HasRecvWindow ? given.RecvWindow : Authenticator.DefaultWindowMs;
        Signed = new SignedHeaders(
            given.Key, given.Timestamp.ToString(CultureInfo.InvariantCulture), given.Signature, windowMs.ToString(CultureInfo.InvariantCulture));
        return null;
    }

    private Problem? ReadOrder(NamedOrder? named)
    {
        Symbol = named is { HasSymbol: true } ? named.Symbol : null;
        switch (named?.NameCase)
        {
            case NamedOrder.NameOneofCase.OrderId when named.OrderId <= long.MaxValue:
                Order = new OrderName(named.OrderId, null);
                return null;
            case NamedOrder.NameOneofCase.OrderId:
                return Problems.Field(ErrorCatalogue.BadId, "order");
            case NamedOrder.NameOneofCase.ClientOrderId:
                Problem? problem = OrderLocator.ReadClientId(named.ClientOrderId, "order", out OrderName name);
                Order = name;
                return problem;
            default:
                return Problems.Missing("order");
        }
    }
}
