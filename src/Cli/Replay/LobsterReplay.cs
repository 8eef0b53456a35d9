using System.Text;
using Exchange.Cli.Http;

namespace Exchange.Cli.Replay;

/// <summary>Plays a recording through a server's API and compares its book with the recorded one, row by row.</summary>
/// <remarks>
/// One connection carries all accounts' requests: the server answers a connection's requests one after the other, so requests may be
/// sent ahead and still act in the order of the recording. What needs an order's id waits for the answer that brings it.
/// </remarks>
internal sealed class LobsterReplay
{
    // Small enough that neither side's socket buffer fills while the other does not read.
    private const int MostAhead = 32;

    private readonly LobsterFiles _files;
    private readonly ReplayVenue _venue;
    private readonly WireConnection _connection;
    private readonly TimeProvider _time;
    private readonly ReplayBook _book = new();
    private readonly Queue<Sent> _sent = new();
    private readonly ReplayReport _report;
    private int _row;

    public LobsterReplay(LobsterFiles files, ReplayVenue venue, WireConnection connection, TimeProvider time)
    {
        _files = files;
        _venue = venue;
        _connection = connection;
        _time = time;
        _report = new ReplayReport { Symbol = venue.Symbol };
    }

    /// <summary>A request on its way.</summary>
    /// <param name="Placed">Gets its id from the answer.</param>
    /// <param name="Taken">What an execution must have met.</param>
    /// <param name="Compares">The answer is the book.</param>
    private readonly record struct Sent(int Row, ReplayOrder? Placed = null, LobsterMessage? Taken = null, bool Compares = false);

    /// <exception cref="InvalidDataException">The server refused something; the message tells row and reason.</exception>
    public ReplayReport Run(Action<double> progress)
    {
        long start = _time.GetTimestamp();
        Seed();
        for (_row = 1; _row < _files.Messages.Count; _row++)
        {
            Play(_files.Messages[_row]);
            _report.Messages++;
            Compare();
            if (_row % 256 == 0)
                progress((double)_row / _files.Messages.Count);
        }

        Drain();
        _report.Seconds = _time.GetElapsedTime(start).TotalSeconds;
        CompareOrders();
        return _report;
    }

    private void Seed()
    {
        foreach (LobsterLevel level in _files.Seed.Asks)
            _book.AddAnonymous(Place(isBuy: false, level.PriceE4, level.Shares));
        foreach (LobsterLevel level in _files.Seed.Bids)
            _book.AddAnonymous(Place(isBuy: true, level.PriceE4, level.Shares));
        Compare();
    }

    private void Play(in LobsterMessage message)
    {
        switch (message.Type)
        {
            case LobsterType.Add:
                _book.Add(message.OrderId, Place(message.IsBuy, message.PriceE4, message.Size));
                break;
            case LobsterType.PartialCancel or LobsterType.Delete or LobsterType.Execution:
                if (_book.Find(message) is { } order)
                    Take(message, order);
                else
                    _report.Unknown++;
                break;
            default:
                _report.Hidden++;
                break;
        }
    }

    private ReplayOrder Place(bool isBuy, long priceE4, long shares)
    {
        var order = new ReplayOrder(_report.Orders++ % _venue.MakerCount, isBuy, priceE4, shares);
        Send(_venue.Place(order), new Sent(_row, Placed: order));
        return order;
    }

    private void Take(in LobsterMessage message, ReplayOrder order)
    {
        long shares = Math.Min(message.Size, order.Shares);
        if (message.Type == LobsterType.Execution && _book.IsNext(order))
        {
            _report.Executions++;
            _book.Fill(order, shares);
            Send(_venue.Take(message, shares), new Sent(_row, Taken: message with { Size = shares }));
            return;
        }

        if (message.Type == LobsterType.Execution)
            _report.OutOfQueue++;
        while (order.ServerId is null)
            Receive();
        _book.Reduce(order, shares);
        if (order.Shares == 0)
            _report.Cancels++;
        else
            _report.Amends++;
        Send(order.Shares == 0 ? _venue.Cancel(order) : _venue.Amend(order), new Sent(_row));
    }

    /// <summary>Asks for the book where the recording says what it must be.</summary>
    private void Compare()
    {
        if (_files.Levels.TryGetValue(_row, out LobsterLevels? levels))
            Send(_venue.Book(levels.Asks.Count + levels.Bids.Count), new Sent(_row, Compares: true));
        else if (_files.BestPrices.ContainsKey(_row))
            Send(_venue.Book(1), new Sent(_row, Compares: true));
    }

    private void Send(byte[] request, Sent sent)
    {
        if (_sent.Count == MostAhead)
            Receive();
        _connection.Write(request);
        _sent.Enqueue(sent);
    }

    private void Drain()
    {
        while (_sent.Count > 0)
            Receive();
    }

    private void Receive()
    {
        WireResponse response = _connection.Read();
        Sent sent = _sent.Dequeue();
        if (!response.IsSuccess)
            throw new ServerAnswer(response.Status, Encoding.UTF8.GetString(response.Body)).Refused($"Row {sent.Row}");
        if (sent.Placed is not null)
            sent.Placed.ServerId = ReplayAnswers.OrderId(response.Body);
        else if (sent.Taken is { } taken && ReplayAnswers.DifferenceFromOneFill(response.Body, taken.PriceE4, taken.Size) is { } difference)
            _report.Mismatch(sent.Row, difference);
        else if (sent.Compares)
            Compare(sent.Row, ReplayAnswers.Book(response.Body));
    }

    private void Compare(int row, LobsterLevels actual)
    {
        if (_files.BestPrices.TryGetValue(row, out LobsterLevels? best))
        {
            _report.BestPriceRows++;
            if (best.DifferenceFrom(actual, 1) is { } difference)
                _report.Mismatch(row, difference);
        }

        if (_files.Levels.TryGetValue(row, out LobsterLevels? levels))
        {
            _report.LevelRows++;
            if (levels.DifferenceFrom(actual, Math.Max(levels.Asks.Count, levels.Bids.Count)) is { } difference)
                _report.Mismatch(row, difference);
        }
    }

    /// <summary>Every order that must be left is, with exactly its rest, and no other: so each execution met the order it was recorded with.</summary>
    private void CompareOrders()
    {
        var left = new Dictionary<string, long>(StringComparer.Ordinal);
        for (int maker = 0; maker < _venue.MakerCount; maker++)
        {
            _connection.Write(_venue.OpenOrders(maker));
            WireResponse response = _connection.Read();
            if (!response.IsSuccess)
                throw new ServerAnswer(response.Status, Encoding.UTF8.GetString(response.Body)).Refused("The list of open orders");
            foreach ((string id, long shares) in ReplayAnswers.OpenShares(response.Body))
                left.Add(id, shares);
        }

        foreach (ReplayOrder order in _book.Orders)
        {
            _report.OpenOrders++;
            if (!left.Remove(order.ServerId!, out long shares) || shares != order.Shares)
                _report.Mismatch(_row - 1, $"order {order.ServerId} has {shares} shares left, not {order.Shares}");
        }

        foreach ((string id, long shares) in left)
            _report.Mismatch(_row - 1, $"order {id} with {shares} shares should not be left");
    }
}
