using Exchange.Core.Marks;
using Exchange.Core.Nodes.Messages;

namespace Exchange.Core.Nodes;

/// <summary>A host's table of marks, instruments and states, fed by messages that may be lost, repeated or reordered.</summary>
/// <remarks>
/// One for all accounts of a host. Only the one that feeds it may call it; accounts are given <see cref="Current"/>, which does not
/// change any more. Instruments are listed in the order of their ids, whichever comes first.
/// </remarks>
public sealed class MarketBoard
{
    private readonly MarketTable _table = new();
    private InstrumentMessage?[] _instruments = [];
    private MarkUpdate[] _marks = [];
    private MarketTable _current = new();
    private bool _isChanged;

    /// <summary>The table as of the last <see cref="Publish"/>.</summary>
    public MarketTable Current => _current;

    /// <summary>Version of a symbol's instrument and state; 0: not heard of.</summary>
    public ulong VersionOf(int symbol) => symbol < _instruments.Length ? _instruments[symbol]?.Version ?? 0 : 0;

    /// <summary>Takes an <see cref="InstrumentMessage"/> or a <see cref="MarkMessage"/>, if it is newer than what is known.</summary>
    public void Receive(NodeMessage message)
    {
        if (message is InstrumentMessage instrument)
            Take(instrument);
        else if (message is MarkMessage mark)
            Take(mark);
    }

    /// <summary>Makes what came since the last call the current table, and marks symbols whose mark has aged as stale.</summary>
    public void Publish(long nowMs)
    {
        for (int symbol = 0; symbol < _table.Count; symbol++)
        {
            ref MarketTable.Entry entry = ref _table[symbol];
            bool isStale = entry.MarkTicks != 0 && nowMs - _marks[symbol].TimeMs > Mark.IndexStaleMs;
            _isChanged |= isStale != entry.IsStale;
            entry.IsStale = isStale;
        }

        if (!_isChanged)
            return;
        _isChanged = false;
        _current = _table.Copy();
    }

    private void Take(InstrumentMessage message)
    {
        int symbol = message.Instrument.SymbolId;
        if (message.Version <= VersionOf(symbol))
            return;
        if (symbol >= _instruments.Length)
        {
            Array.Resize(ref _instruments, Math.Max(symbol + 1, _instruments.Length * 2));
            Array.Resize(ref _marks, _instruments.Length);
        }

        _instruments[symbol] = message;
        _isChanged = true;
        if (_table.IsListed(symbol))
        {
            if (!InstrumentWire.IsSame(_table[symbol].Instrument, message.Instrument))
                _table.Change(message.Instrument);
            _table[symbol].State = message.State;
            return;
        }

        while (_table.Count < _instruments.Length && _instruments[_table.Count] is { } next)
        {
            int listed = _table.Add(next.Instrument);
            _table[listed].State = next.State;
            Show(listed);
        }
    }

    /// <summary>A mark may come before its instrument: it is kept.</summary>
    private void Take(MarkMessage message)
    {
        int symbol = message.Symbol;
        if (symbol >= _marks.Length)
        {
            Array.Resize(ref _marks, Math.Max(symbol + 1, _marks.Length * 2));
            Array.Resize(ref _instruments, _marks.Length);
        }

        if (message.Update.Number <= _marks[symbol].Number)
            return;
        _marks[symbol] = message.Update;
        if (_table.IsListed(symbol))
            Show(symbol);
    }

    private void Show(int symbol)
    {
        if (_marks[symbol].Number == 0)
            return;
        _table[symbol].MarkTicks = _marks[symbol].Ticks;
        _table[symbol].Gap = _marks[symbol].Gap;
        _isChanged = true;
    }
}
