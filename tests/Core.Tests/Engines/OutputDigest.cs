using Exchange.Core.Accounts;
using Exchange.Core.Books;

namespace Exchange.Core.Tests.Engines;

/// <summary>One word for all that commands were answered and told, field by field.</summary>
internal sealed class OutputDigest
{
    private StateHasher _hasher = StateHasher.Create();

    public UInt128 Value => _hasher.Value128;

    public void Add(EngineOutput output)
    {
        _hasher.Add((int)output.Reason);
        _hasher.Add(output.OrderId);
        _hasher.Add(output.IsRepeat);
        OrderOutcome outcome = output.Outcome;
        Add((long)outcome.Status, (long)outcome.Reason, outcome.Order.TotalLots, outcome.Order.FilledLots, outcome.Order.PriceTicks);
        AddEvents(output);
        foreach (LevelChange level in output.Levels)
            Add(level.Symbol, (long)level.Side, level.PriceTicks, level.Lots);
    }

    /// <summary>What happened, and nothing of which input it was in.</summary>
    public void AddEvents(EngineOutput output)
    {
        foreach (ref readonly EngineEvent e in output.Events)
        {
            Add((long)e.Kind, e.Symbol);
            Add(in e.Book);
            Add(in e.Change);
        }
    }

    private void Add(in BookEvent e)
    {
        _hasher.Add(e.Number);
        _hasher.Add(e.OrderId);
        _hasher.Add(e.OtherId);
        Add(e.Account, (long)e.Kind, (long)e.Flags, (long)e.Reason, (long)e.PositionSide);
        Add(e.PriceTicks, e.Lots, e.LeavesLots, e.Amount, e.TimeMs, e.MarkTicks);
    }

    private void Add(in AccountChange change)
    {
        Add(change.FeeE8, change.RealisedE8, change.WalletDeltaE8, change.WalletE8, change.OrderTotalLots);
        Add(change.PositionLots, change.CostE8, change.IsolatedE8, change.IsPositionChanged ? 1 : 0);
    }

    private void Add(params ReadOnlySpan<long> words)
    {
        foreach (long word in words)
            _hasher.Add(word);
    }
}
