using Exchange.Edge.Json;

namespace Exchange.Edge.Authentication;

/// <summary>What a key or token may do.</summary>
[Flags]
public enum Permissions
{
    None = 0,

    /// <summary>See the account's own orders, fills, balances and positions.</summary>
    Read = 1,

    /// <summary>Place, change and cancel orders, and change settings.</summary>
    Trade = 2,

    /// <summary>Accounts, transfers, instruments and keys of the whole venue.</summary>
    Admin = 4,
}

/// <summary>The names of permissions on the wire and in the key file.</summary>
internal static class PermissionNames
{
    /// <summary>Bit 0, 1, 2 of <see cref="Permissions"/>.</summary>
    public static readonly WireNames Bits = new("read", "trade", "admin");

    public static IEnumerable<string> Of(Permissions permissions)
    {
        for (int bit = 0; bit < Bits.All.Count; bit++)
        {
            if (((int)permissions >> bit & 1) != 0)
                yield return Bits.All[bit];
        }
    }

    /// <summary>Null: one of the names is unknown.</summary>
    public static Permissions? From(IEnumerable<string> names)
    {
        Permissions all = Permissions.None;
        foreach (string name in names)
        {
            if (!Bits.TryParse(System.Text.Encoding.UTF8.GetBytes(name), out int bit))
                return null;
            all |= (Permissions)(1 << bit);
        }

        return all;
    }
}
