using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Exchange.Core.Orders;

namespace Exchange.Core.Port;

/// <summary>What an edge may ask the venue to do. Every command becomes one journaled input.</summary>
public enum CommandKind : byte
{
    None = 0,

    // Clients.
    Place = 1,
    Amend = 2,
    Cancel = 3,
    CancelAll = 4,
    Countdown = 5,
    SetLeverage = 6,
    SetMarginMode = 7,
    SetPositionMode = 8,
    AdjustMargin = 9,

    // Administration.
    CreateAccount = 20,
    Deposit = 21,
    Withdraw = 22,
    SetState = 23,

    /// <summary>Carries an encoded instrument beside the struct.</summary>
    ListInstrument = 24,
    SetIndex = 25,
    SetAccountState = 26,

    /// <summary>Delists a symbol: orders are canceled, positions closed at a price.</summary>
    Settle = 27,

    /// <summary>Changes a listed instrument; carries the encoded new one beside the struct.</summary>
    ChangeInstrument = 28,

    // Tests and sandboxes; production feeds both from the Mark machine.
    SetMark = 30,
    SettleFunding = 31,

    /// <summary>Seeds the insurance fund; counts as a deposit.</summary>
    SeedInsurance = 32,

    /// <summary>Nothing but time: timers that are due fire.</summary>
    Time = 40,
}

/// <summary>A command: blittable, journaled as it stands. A field that a kind does not name is zero.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct Command
{
    public CommandKind Kind;

    /// <summary>SetState, SetAccountState: the new state.</summary>
    public TradingState State;

    /// <summary>SetMarginMode: the new mode.</summary>
    public MarginMode MarginMode;

    /// <summary>AdjustMargin: which position.</summary>
    public PositionSide PositionSide;

    /// <summary>Amend: which of price and quantity are given.</summary>
    public OrderFields Fields;

    /// <summary>SetPositionMode: hedge mode on.</summary>
    public bool Hedge;

    /// <summary>SetLeverage.</summary>
    public int Leverage;

    public uint Account;

    /// <summary>Symbol id of the instrument; also in <see cref="Terms"/> for Place.</summary>
    public int Symbol;

    /// <summary>Amend, Cancel: the order meant; 0: the one with <see cref="Key"/> on <see cref="Symbol"/>.</summary>
    public ulong OrderId;

    /// <summary>Amend, Cancel: client order id of the order meant. Deposit, Withdraw, AdjustMargin: the transfer id.</summary>
    public ClientKey Key;

    /// <summary>Amend: new price. SetMark: the mark. Settle: the settlement price.</summary>
    public long PriceTicks;

    /// <summary>Amend: new total quantity.</summary>
    public long Lots;

    /// <summary>Deposit, Withdraw, AdjustMargin, SeedInsurance: 1e-8 USDT. Countdown: ms. SetIndex: price in 1e-8. SettleFunding: rate in 1e-8.</summary>
    public long Amount;

    /// <summary>Place: the whole order.</summary>
    public OrderTerms Terms;

    /// <summary>Place: text of the client order id, kept for views.</summary>
    public ClientOrderId ClientId;
}

/// <summary>A client order id: 1 to 36 ASCII characters, zero-padded; all zero: none.</summary>
[InlineArray(Capacity)]
public struct ClientOrderId
{
    public const int Capacity = 36;
    private const byte KeyMark = 1;   // No character of an id.
    private const int KeyBytes = 17;

    private byte _first;

    public readonly bool IsNone => _first == 0;

    public static ClientOrderId From(ReadOnlySpan<byte> ascii)
    {
        Invariant.Holds(ascii.Length <= Capacity);
        ClientOrderId id = default;
        ascii.CopyTo(id);
        return id;
    }

    /// <summary>An id of which only the key is known: a book keeps no more of it.</summary>
    public static ClientOrderId OfKey(ClientKey key)
    {
        ClientOrderId id = default;
        if (key.IsNone)
            return id;
        Span<byte> bytes = id;
        bytes[0] = KeyMark;
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[1..], key.High);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[9..], key.Low);
        return id;
    }

    /// <summary>Its text is not known.</summary>
    public readonly bool IsKeyOnly => _first == KeyMark;

    /// <summary>What the machines compare instead of its text.</summary>
    public readonly ClientKey Key()
    {
        ReadOnlySpan<byte> bytes = this;
        if (IsKeyOnly)
            return new ClientKey(BinaryPrimitives.ReadUInt64LittleEndian(bytes[1..]), BinaryPrimitives.ReadUInt64LittleEndian(bytes[9..KeyBytes]));
        return IsNone ? default : ClientKey.From(Characters());
    }

    /// <summary>Empty: none, or not known.</summary>
    public readonly string Text() => IsKeyOnly ? "" : System.Text.Encoding.ASCII.GetString(Characters());

    [UnscopedRef]
    private readonly ReadOnlySpan<byte> Characters()
    {
        ReadOnlySpan<byte> bytes = this;
        int end = bytes.IndexOf((byte)0);
        return end < 0 ? bytes : bytes[..end];
    }
}
