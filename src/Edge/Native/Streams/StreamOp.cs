namespace Exchange.Edge.Native.Streams;

/// <summary>What a client asks of its stream.</summary>
internal enum StreamOp
{
    Subscribe = 0,
    Unsubscribe = 1,
    Authenticate = 2,
    Place = 3,
    Amend = 4,
    Cancel = 5,
    CancelAll = 6,
}
