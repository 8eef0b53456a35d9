using System.Numerics;
using System.Runtime.CompilerServices;

namespace Exchange.Core;

/// <summary>Accounts to look at when the next liquidation instant comes: whatever moved them since the last one.</summary>
/// <remarks>
/// A bit an account, and above them, twice, a bit for each word that has any: <see cref="Note"/> costs a bit test between instants,
/// and the next one by id is found in a few words, however many accounts there are. So a pass can stop anywhere and go on later
/// (docs/protocol.md 5).
/// </remarks>
internal sealed class AccountWatches
{
    private const int WordBits = 64;
    private ulong[] _accounts = new ulong[16];
    private ulong[] _words = new ulong[1];
    private ulong[] _blocks = new ulong[1];

    /// <summary>Makes room for an account.</summary>
    public void Reserve(uint account)
    {
        int word = (int)(account / WordBits);
        if (word < _accounts.Length)
            return;
        Array.Resize(ref _accounts, Math.Max(word + 1, _accounts.Length * 2));
        Array.Resize(ref _words, (_accounts.Length + WordBits - 1) / WordBits);
        Array.Resize(ref _blocks, (_words.Length + WordBits - 1) / WordBits);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsNoted(uint account) => (_accounts[account / WordBits] & Bit(account)) != 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Note(uint account)
    {
        if (!IsNoted(account))
            Add(account);
    }

    public void Forget(uint account)
    {
        ref ulong accounts = ref _accounts[account / WordBits];
        accounts &= ~Bit(account);
        if (accounts != 0)
            return;
        uint word = account / WordBits;
        ref ulong words = ref _words[word / WordBits];
        words &= ~Bit(word);
        if (words == 0)
            _blocks[word / WordBits / WordBits] &= ~Bit(word / WordBits);
    }

    /// <summary>The noted account with the lowest id from an id on.</summary>
    public bool TryNext(uint from, out uint account)
    {
        if (TryNextIn(_accounts, from, out account))
            return true;
        if (!TryNextIn(_words, from / WordBits + 1, out uint word)
            && !(TryNextAbove(from / WordBits / WordBits + 1, out uint block) && TryNextIn(_words, block * WordBits, out word)))
        {
            return false;
        }

        return TryNextIn(_accounts, word * WordBits, out account);
    }

    /// <summary>What is noted, by id: part of the state.</summary>
    public uint[] ToArray()
    {
        var noted = new List<uint>();
        for (uint from = 0; TryNext(from, out uint account); from = account + 1)
            noted.Add(account);
        return [.. noted];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Add(uint account)
    {
        uint word = account / WordBits;
        _accounts[word] |= Bit(account);
        _words[word / WordBits] |= Bit(word);
        _blocks[word / WordBits / WordBits] |= Bit(word / WordBits);
    }

    /// <summary>The first bit from a place on, within that place's word.</summary>
    private static bool TryNextIn(ulong[] bits, uint from, out uint found)
    {
        uint word = from / WordBits;
        ulong rest = word < (uint)bits.Length ? bits[word] >> (int)(from % WordBits) : 0;
        found = rest == 0 ? 0 : from + (uint)BitOperations.TrailingZeroCount(rest);
        return rest != 0;
    }

    /// <summary>The first block from one on that has any: 64 words for the highest account id there is.</summary>
    private bool TryNextAbove(uint from, out uint block)
    {
        for (uint at = from; at / WordBits < (uint)_blocks.Length; at = (at / WordBits + 1) * WordBits)
        {
            if (TryNextIn(_blocks, at, out block))
                return true;
        }

        block = 0;
        return false;
    }

    private static ulong Bit(uint place) => 1UL << (int)(place % WordBits);
}
