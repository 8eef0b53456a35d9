namespace Exchange.Core.Books;

/// <summary>One symbol's resting orders, matched by price, then by arrival.</summary>
public sealed partial class OrderBook
{
    private readonly BookEvent[] _events = new BookEvent[1];

    /// <summary>An event of an outbox by its handle; valid until it is acknowledged.</summary>
    public ref readonly BookEvent Event(int handle) => ref _events[handle];
}
