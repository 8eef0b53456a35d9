using Exchange.Core.Orders;

namespace Exchange.Core.Accounts;

/// <summary>One account: its wallet, positions, what its open orders reserve, and its own liquidation.</summary>
/// <remarks>
/// <para>Key: account id. Money in 1e-8 USDT, prices in ticks, quantities in lots. Rules: docs/rules/margin.md (5, 6, 7).</para>
/// <para>An order: <see cref="JudgePlace"/> (checks 1 to 12), the book's 13 and 14, <see cref="ReservePlace"/> (15; fills the
/// message and holds its margin), then the book; every event of the answer goes through <see cref="Apply"/>, in order, and last
/// the outcome through <see cref="Resolve"/>, which frees what was held in flight. Amends likewise with
/// <see cref="JudgeAmend"/> and <see cref="ReserveAmend"/>. Before the first command to a book:
/// <see cref="NeedsRegistration"/>. After all that an input did to it, a host asks <see cref="Watch"/> once; dues are
/// worked with <see cref="TryBeginLiquidation"/>.</para>
/// <para>Marks come from the caller's <see cref="MarketTable"/>; the account keeps none. Nothing here allocates once the
/// account's arrays have their size.</para>
/// </remarks>
public sealed partial class MarginAccount
{
    private SymbolState[] _symbols = [];

    /// <summary>Symbol ids of <see cref="_symbols"/>, ascending: to find one, the others' memory is not touched.</summary>
    private int[] _symbolIds = [];
    private int _symbolCount;
    private SymbolState? _lastUsed;
    private long _walletE8;
    private Int128 _heldE8;
    private AccountTotals _totals;

    /// <summary>Commands wait for a batch instead of going out one by one: for hosts whose books answer later.</summary>
    private readonly bool _collectsBatches;
    private bool _isWatched;
    private bool _hasReport;
    private bool _hasTightened;
    private readonly InFlight[] _flights;

    public MarginAccount(uint id, bool collectsBatches = false)
    {
        Id = id;
        _collectsBatches = collectsBatches;
        _flights = [];
    }

    /// <param name="flights">Where a host that answers every command before the next keeps the one in flight, of all accounts.</param>
    internal MarginAccount(uint id, InFlight[] flights)
        : this(id) => _flights = flights;

    public uint Id { get; }

    /// <summary>Hedge mode: a long and a short leg per symbol instead of one net position.</summary>
    public bool IsHedge { get; private set; }

    /// <summary>The cross wallet; below zero it is a debt.</summary>
    public long WalletE8 => _walletE8;

    /// <summary>In a liquidation: orders, amends, transfers and settings are refused.</summary>
    public bool IsInLiquidation { get; private set; }

    /// <summary>For the input at hand: the host has found it due, and its turn in the pass has not come. Refused is what a liquidation refuses.</summary>
    internal bool IsDue { get; set; }

    private bool IsHeld => IsInLiquidation || IsDue;

    /// <summary>What the operator lets it do.</summary>
    public TradingState State { get; private set; }

    /// <summary>Something that ranges and dues depend on changed since the last <see cref="Watch"/>.</summary>
    public bool NeedsWatch => !_isWatched;

    /// <summary>Cumulative totals of all that was applied.</summary>
    public AccountTotals Totals => _totals;

    /// <summary>The totals, if they changed since this was asked last: most events move no money.</summary>
    public bool TryTakeReport(out AccountTotals totals)
    {
        totals = _totals;
        if (!_hasReport)
            return false;
        _hasReport = false;
        return true;
    }

    /// <summary>Held for fees and open losses of commands in flight (docs/protocol.md 3).</summary>
    public Int128 HeldE8 => _heldE8;

    /// <summary>Symbols the account ever entered, by symbol id.</summary>
    public int SymbolCount => _symbolCount;

    public int SymbolAt(int index) => _symbolIds.AsSpan(0, _symbolCount)[index];

    public int LeverageOf(int symbol) => Find(symbol)?.Leverage ?? SymbolState.DefaultLeverage;

    public MarginMode MarginModeOf(int symbol) => Find(symbol)?.MarginMode ?? MarginMode.Cross;

    /// <summary>Position of a leg: 0 the net position or LONG, 1 SHORT.</summary>
    public PositionLeg PositionOf(int symbol, int leg) => Find(symbol) is { } state ? state.Leg(leg) : default;

    /// <summary>Open orders in a symbol, those in flight included.</summary>
    public int OpenOrderCount(int symbol) => Find(symbol)?.OpenOrderCount ?? 0;

    /// <summary>The number of the last event applied of a symbol's book.</summary>
    public ulong LastEventOf(int symbol) => Find(symbol)?.LastEvent ?? 0;

    /// <summary>Wallet and isolated margins, 1e-8.</summary>
    public Int128 WalletAndMarginsE8
    {
        get
        {
            Int128 sum = _walletE8;
            foreach (SymbolState state in Symbols)
                sum += (Int128)state.Leg(0).IsolatedE8 + state.Leg(1).IsolatedE8;
            return sum;
        }
    }

    /// <summary>Cost of what is long less that of what is short, 1e-8.</summary>
    public Int128 SignedCostE8
    {
        get
        {
            Int128 sum = 0;
            foreach (SymbolState state in Symbols)
            {
                for (int leg = 0; leg < 2; leg++)
                    sum += state.Leg(leg).Lots >= 0 ? state.Leg(leg).CostE8 : -state.Leg(leg).CostE8;
            }

            return sum;
        }
    }

    private SymbolState? Find(int symbol)
    {
        if (_lastUsed is { } last && last.Symbol == symbol)
            return last;
        int at = IndexOf(symbol);
        return at < 0 ? null : _lastUsed = _symbols[at];
    }

    private SymbolState FindOrAdd(int symbol) => Find(symbol) ?? Add(symbol);

    private SymbolState Add(int symbol)
    {
        int at = ~IndexOf(symbol);
        if (_symbolCount == _symbols.Length)
        {
            Array.Resize(ref _symbols, Math.Max(2, _symbolCount * 2));
            Array.Resize(ref _symbolIds, _symbols.Length);
        }

        Array.Copy(_symbols, at, _symbols, at + 1, _symbolCount - at);
        Array.Copy(_symbolIds, at, _symbolIds, at + 1, _symbolCount - at);
        _symbolIds[at] = symbol;
        _symbolCount++;
        return _lastUsed = _symbols[at] = new SymbolState(symbol, _flights);
    }

    /// <summary>Index of a symbol, or the complement of where it belongs.</summary>
    private int IndexOf(int symbol) => _symbolIds.AsSpan(0, _symbolCount).BinarySearch(symbol);

    private ReadOnlySpan<SymbolState> Symbols => _symbols.AsSpan(0, _symbolCount);
}
