using Exchange.Core.Marks;
using Exchange.Core.Port;
using Exchange.Core.Views;

namespace Exchange.Core.Feed;

/// <summary>Turns what one input of the engine did into events for readers; on the engine's thread, without memory once warm.</summary>
/// <remarks>
/// Events stand in the order they happened, then the levels that changed, symbol by symbol. Its own state is what readers were told
/// last of every level, the numbers of the depth feeds and the insurance fund; after a restart it takes that from the restored
/// views (<see cref="Resume"/>).
/// </remarks>
/// <param name="marks">The engine's Mark machines by symbol: index, funding rate and settlement of an event come from there.</param>
public sealed class FeedBuilder(IReadOnlyList<Mark> marks)
{
    private readonly EventTeller _teller = new(ToldParts.All);
    private LevelFeed[] _levels = [];
    private MarkFeed[] _marks = [];
    private int[] _touched = new int[8];
    private int _touchedCount;

    /// <summary>The insurance fund by all that was told of it, 1e-8.</summary>
    public long FundE8 => _teller.FundE8;

    /// <summary>Appends the events of one input; none if it was refused and nothing else happened.</summary>
    /// <param name="command">The input.</param>
    /// <param name="sequence">Its sequence in the journal.</param>
    /// <param name="timeMs">The engine's time after it.</param>
    /// <param name="output">What the engine did.</param>
    /// <param name="feed">Appended to.</param>
    public void Build(in Command command, ulong sequence, long timeMs, EngineOutput output, FeedBuffer feed)
    {
        _teller.Begin(feed, sequence, timeMs);
        foreach (ref readonly EngineEvent e in output.Events)
        {
            // Only the command's own order can be accepted: its terms are told by the command.
            if (e.Kind == EngineEventKind.Mark)
                MarkOf(e.Symbol).Tell(marks[e.Symbol], e.Book.PriceTicks, _teller);
            else
                _teller.Tell(in e, command.Terms.Type);
        }

        if (command.Kind == CommandKind.SeedInsurance && output.Reason == RejectReason.None)
            _teller.TellFund(0, -1, command.Amount);
        foreach (ref readonly LevelChange change in output.Levels)
            Note(in change);
        for (int i = 0; i < _touchedCount; i++)
            _levels[_touched[i]].Flush(sequence, timeMs, feed);
        _touchedCount = 0;
    }

    /// <summary>Goes on where restored views end.</summary>
    public void Resume(VenueViews views)
    {
        _teller.FundE8 = views.FundE8;
        for (int symbol = 0; symbol < views.SymbolCount; symbol++)
        {
            MarkOf(symbol).Resume(views.LastFundingRoundOf(symbol));
            LevelsOf(symbol).Restore(views.GetWholeDepth(symbol));
        }
    }

    private void Note(in LevelChange change)
    {
        LevelFeed levels = LevelsOf(change.Symbol);
        if (!levels.IsPending)
        {
            if (_touchedCount == _touched.Length)
                Array.Resize(ref _touched, _touchedCount * 2);
            _touched[_touchedCount++] = change.Symbol;
        }

        levels.Note(change.Side, change.PriceTicks, change.Lots);
    }

    private MarkFeed MarkOf(int symbol)
    {
        while (symbol >= _marks.Length)
            _marks = [.. _marks, new MarkFeed(_marks.Length)];
        return _marks[symbol];
    }

    private LevelFeed LevelsOf(int symbol)
    {
        while (symbol >= _levels.Length)
            _levels = [.. _levels, new LevelFeed(_levels.Length)];
        return _levels[symbol];
    }
}
